import { createConnection } from 'node:net';
import { join } from 'node:path';
import { runDirectoryFromEnvironment } from '../run-directory.ts';

/**
 * Joins this process's standard input and output to the daemon's socket, after the line that says who it is.
 * sshd runs it for each key with its fingerprint; `--local` is for root on the server. Exit code 5: no daemon answers.
 */
export async function connect(args: readonly string[]): Promise<void> {
  const as = args[0] === '--local' ? 'local' : args[0] === '--as' ? args[1] : undefined;
  if (as === undefined || (as === 'local' && process.getuid?.() !== 0)) {
    process.stderr.write('error USAGE: Expected connect --as FINGERPRINT, or connect --local as root\n');
    process.exitCode = 2;
    return;
  }
  const socket = createConnection(join(runDirectoryFromEnvironment(), 'daemon.sock'));
  socket.once('connect', () => {
    socket.write(`${JSON.stringify({ as, ...cameFrom() })}\n`);
    process.stdin.pipe(socket);
    socket.pipe(process.stdout);
  });
  socket.once('error', (error) => {
    process.stderr.write(`error DAEMON_UNREACHABLE: Expected the daemon to answer, got ${error.message}\nhint: On the server: systemctl status redcontrol\n`);
    process.exit(5);
  });
  socket.once('close', () => process.exit(process.exitCode ?? 0));
}

/** Address of who logged in, as sshd tells it (sshd(8), SSH_CONNECTION); nothing for root on the server itself. */
function cameFrom(): { from?: string } {
  const from = process.env.SSH_CONNECTION?.split(' ')[0];
  return from === undefined || !/^[0-9A-Fa-f.:%a-z]{2,60}$/.test(from) ? {} : { from };
}

import { connect, type Socket } from 'node:net';
import { RedControlError } from '@redcontrol/contract';
import { openDaemonClient, type ClientOptions, type DaemonClient, type DaemonStreams } from './daemon-client.ts';

export interface SocketOptions extends ClientOptions {
  /** Fingerprint of the key to speak for; left out: the administrator of this machine. */
  as?: string;
}

/**
 * Connects to a daemon on this machine by its unix socket.
 * Throws DAEMON_UNREACHABLE when nothing listens there, FORBIDDEN when this user may not, CONTRACT_MISMATCH.
 */
export async function connectSocket(path: string, options: SocketOptions): Promise<DaemonClient> {
  const socket = await open(path);
  socket.write(`${JSON.stringify({ as: options.as ?? 'local' })}\n`);
  return openDaemonClient(streamsOf(socket, path), options);
}

function open(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (cause: NodeJS.ErrnoException) => reject(openError(path, cause)));
  });
}

function openError(path: string, cause: NodeJS.ErrnoException): RedControlError {
  if (cause.code === 'EACCES') {
    return new RedControlError('FORBIDDEN', `Expected to open the socket ${path}, got: permission denied`, { cause, hint: 'Run it as root, for example with sudo.' });
  }
  const got = cause.code === 'ENOENT' ? 'no such file' : cause.code === 'ECONNREFUSED' ? 'nobody who answers' : cause.message;
  return new RedControlError('DAEMON_UNREACHABLE', `Expected the daemon at ${path}, got ${got}`, { cause, hint: 'See whether it runs: systemctl status redcontrol' });
}

function streamsOf(socket: Socket, path: string): DaemonStreams {
  const ended = new Promise<RedControlError>((resolve) => {
    let cause: Error | undefined;
    socket.on('error', (error) => (cause = error));
    socket.once('close', () => resolve(new RedControlError('DAEMON_UNREACHABLE', `Expected the daemon at ${path} to stay connected, it closed the connection`, { cause, hint: 'See why: journalctl -u redcontrol -n 50' })));
  });
  return {
    name: path,
    input: socket,
    output: socket,
    ended,
    async close() {
      socket.end();
      socket.destroySoon();
      await ended;
    },
  };
}

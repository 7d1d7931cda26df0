// What the forced command does on a server: joins ssh's streams with the daemon's socket.
import { connect } from 'node:net';

const [path, as] = process.argv.slice(2);
if (as === 'local' && process.env.SSH_ORIGINAL_COMMAND !== '/usr/local/bin/redcontrol-daemon connect --local') {
  process.stderr.write(`sh: ${process.env.SSH_ORIGINAL_COMMAND}: command not found\n`);
  process.exit(127);
}
const socket = connect(path);
socket.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
socket.write(`${JSON.stringify({ as })}\n`);
process.stdin.pipe(socket).pipe(process.stdout);
socket.on('close', () => process.exit(0));

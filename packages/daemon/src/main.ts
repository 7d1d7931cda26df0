import { connect } from './commands/connect.ts';
import { serve } from './commands/serve.ts';
import { daemonVersion } from './version.ts';

const usage = `redcontrol-daemon serve | connect --as FINGERPRINT | connect --local | version
  serve     the worker: runs under systemd, listens on a unix socket
  connect   joins standard input and output to the socket; sshd runs it as a forced command
`;

const [command, ...args] = process.argv.slice(2);
if (command === 'serve') await serve();
else if (command === 'connect') await connect(args);
else if (command === 'version' || command === '--version') process.stdout.write(`${daemonVersion}\n`);
else {
  process.stderr.write(usage);
  process.exitCode = 2;
}

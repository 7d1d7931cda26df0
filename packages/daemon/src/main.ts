import { daemonVersion } from './version.ts';

const usage = `redcontrol-daemon serve | connect --as FINGERPRINT | connect --local | run-local [FOLDER] | restore-state check|take | version
  serve     the worker: runs under systemd, listens on a unix socket
  run-local the pipeline's checks on this machine, for the commit that is checked out
  restore-state  brings the state of another server to this one; see redcontrol server restore
  connect   joins standard input and output to the socket; sshd runs it as a forced command
`;

const [command, ...args] = process.argv.slice(2);
// Files of a repository and of image builds have the same modes whoever started this; what is private is given its own.
process.umask(0o022);
// Each command loads only what it needs: a connection should cost no more than a small process.
if (command === 'serve') await (await import('./commands/serve.ts')).serve();
else if (command === 'connect') await (await import('./commands/connect.ts')).connect(args);
else if (command === 'run-local') await (await import('./commands/run-local.ts')).runLocal(args);
else if (command === 'restore-state') await (await import('./commands/restore-state.ts')).restoreState(args);
else if (command === 'version' || command === '--version') process.stdout.write(`${daemonVersion}\n`);
else {
  process.stderr.write(usage);
  process.exitCode = 2;
}

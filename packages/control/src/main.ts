import type { Cli } from './cli/cli.ts';
import { runCli } from './run-cli.ts';

const interrupted = new AbortController();
const interrupt = (signal: 'SIGINT' | 'SIGTERM') => {
  // The second time nothing is waited for any more.
  if (interrupted.signal.aborted) process.exit(130);
  interrupted.abort(Object.assign(new Error(`Stopped by ${signal}`), { name: 'AbortError' }));
};
process.on('SIGINT', () => interrupt('SIGINT'));
process.on('SIGTERM', () => interrupt('SIGTERM'));
// A reader that has seen enough (`redcontrol runs | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const cli: Cli = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  folder: process.cwd(),
  variables: process.env,
  now: Date.now,
  endWith: (exitCode) => {
    programExitCode = exitCode;
  },
  signal: interrupted.signal,
};
let programExitCode = 0;
process.exitCode = (await runCli(cli, process.argv.slice(2))) || programExitCode;
// What a command left open (a terminal in raw mode, an idle stream) must not keep the process.
process.stdin.unref?.();

import { runCli } from './run-cli.ts';

const interrupted = new AbortController();
const interrupt = (signal: 'SIGINT' | 'SIGTERM') => {
  // The second time nothing is waited for any more.
  if (interrupted.signal.aborted) process.exit(130);
  interrupted.abort(Object.assign(new Error(`Stopped by ${signal}`), { name: 'AbortError' }));
};
process.on('SIGINT', () => interrupt('SIGINT'));
process.on('SIGTERM', () => interrupt('SIGTERM'));
// A reader that has seen enough (`redwatch log | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runCli({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  folder: process.cwd(),
  variables: process.env,
  now: Date.now,
  signal: interrupted.signal,
}, process.argv.slice(2));

import { dirname, resolve } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { killTree, spawnProcess } from '@redcontrol/system';
import { findDaemonBundle } from '../apply/wanted-install.ts';
import type { CommandContext } from '../cli/command-context.ts';

/**
 * The pipeline's checks on this machine with its own Docker, as the server would run them, for the commit that is checked
 * out beside the configuration file. The daemon's program does it, so nothing can differ. Throws STEP_FAILED, CANCELLED.
 */
export async function runLocal({ cli, global, signal }: CommandContext): Promise<void> {
  const folder = dirname(resolve(cli.folder, global.config ?? 'redcontrol.yml'));
  const child = spawnProcess(process.execPath, [await findDaemonBundle(cli.variables.REDCONTROL_DAEMON_BUNDLE), 'run-local', folder], { stdout: 'inherit', stderr: 'inherit' });
  const stop = () => killTree(child, 'SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const exitCode = await new Promise<number>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done(code ?? 130));
  }).finally(() => signal.removeEventListener('abort', stop));
  if (signal.aborted) throw new RedControlError('CANCELLED', 'The run was stopped and its place removed');
  if (exitCode !== 0) throw new RedControlError('STEP_FAILED', 'Expected the pipeline to pass on this machine, it did not: what went wrong stands above');
}

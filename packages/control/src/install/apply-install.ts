import { asRedControlError, RedControlError } from '@redcontrol/contract';
import { systemClock, type RunResult, type SshTarget } from '@redcontrol/system';
import type { InstallOperation, WorkOptions } from './operation.ts';
import { runRemoteScript } from './remote-script.ts';
import { operationScript, skippedMark } from './scripts/operation-script.ts';
import { sendUpload } from './send-upload.ts';

/** Waits before an operation is tried again after a cut connection. */
const reconnectWaitsMs = [1000, 3000, 10_000, 30_000];

/**
 * Carries out a plan, in order. A cut connection is made again and the operation repeated, which looks first whether
 * it was done meanwhile; a plan that was left in the middle goes on by inspecting and planning again.
 * Throws INSTALL_FAILED with the end of what the server said, SSH_FAILED when it stays away, CANCELLED.
 */
export async function applyInstall(target: SshTarget, operations: readonly InstallOperation[], options: WorkOptions = {}): Promise<void> {
  for (const operation of operations) {
    const say = (state: 'started' | 'output' | 'done' | 'failed' | 'skipped', text = '') => options.onProgress?.({ operation: operation.id, state, text });
    say('started', operation.description);
    try {
      const result = await persistently(target, operation, options, (line) => say('output', line));
      throwWhenFailed(operation, result);
      say(result.stdout.startsWith(skippedMark) ? 'skipped' : 'done');
    } catch (thrown) {
      const error = options.signal?.aborted ? cancelled(operation, thrown) : asRedControlError(thrown);
      say('failed', error.message);
      throw error;
    }
  }
}

function cancelled(operation: InstallOperation, cause: unknown): RedControlError {
  return new RedControlError('CANCELLED', `"${operation.description}" was cancelled`, { cause, hint: 'The same command goes on where it stopped.' });
}

async function persistently(target: SshTarget, operation: InstallOperation, options: WorkOptions, onLine: (line: string) => void): Promise<RunResult> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await applyOnce(target, operation, options, onLine);
    } catch (thrown) {
      const waitMs = reconnectWaitsMs[attempt];
      if (!(thrown instanceof RedControlError) || thrown.code !== 'SSH_FAILED' || waitMs === undefined) throw thrown;
      onLine(`${thrown.message}; trying again in ${waitMs / 1000} s`);
      await systemClock.sleep(waitMs, options.signal);
    }
  }
}

function applyOnce(target: SshTarget, operation: InstallOperation, options: WorkOptions, onLine: (line: string) => void): Promise<RunResult> {
  const script = operationScript(operation);
  if (operation.upload) {
    return sendUpload({ target, script, args: operation.arguments, upload: operation.upload, signal: options.signal, onLine });
  }
  return runRemoteScript(target, script, operation.arguments, {
    signal: options.signal,
    onLine: (line) => line !== skippedMark && onLine(line),
  });
}

function throwWhenFailed(operation: InstallOperation, result: RunResult): void {
  if (result.exitCode === 0) return;
  const said = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-8).join('\n');
  throw new RedControlError('INSTALL_FAILED', `Expected "${operation.description}" to succeed on ${operation.target}, got exit code ${result.exitCode}: ${said}`, {
    hint: 'Put the cause right and run the same command again: it goes on where it stopped.',
  });
}

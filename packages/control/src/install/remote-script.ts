import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RedControlError } from '@redcontrol/contract';
import { killTree, runToEnd, spawnProcess, sshArguments, sshFailure, type RunResult, type SshTarget } from '@redcontrol/system';

export interface RemoteOptions {
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Called for each line of output as it comes. */
  onLine?: (line: string) => void;
}

const outputLimitBytes = 1024 * 1024;
/** Words for the login shell, whichever it is: become root where sudo asks nothing, then read the script from standard input. */
const asRoot = 'if [ "$(id -u)" != 0 ] && sudo -n true 2>/dev/null; then exec sudo -n -- sh -s -- "$@"; fi; exec sh -s -- "$@"';
/** The same with the script as an argument, so that standard input is free for content. */
const asRootWithContent = 'script=$1; shift; if [ "$(id -u)" != 0 ] && sudo -n true 2>/dev/null; then exec sudo -n -- sh -c "$script" sh "$@"; fi; exec sh -c "$script" sh "$@"';

/**
 * Runs a POSIX shell script on the server, as root where the login is root or has sudo without a password.
 * The script goes by standard input; arguments are quoted word by word. Answers whatever the exit code.
 * Throws SSH_FAILED, SSH_DENIED, SSH_HOST_KEY when ssh itself fails, CANCELLED when the signal fires.
 */
export async function runRemoteScript(target: SshTarget, script: string, args: readonly string[] = [], options: RemoteOptions = {}): Promise<RunResult> {
  const lines = options.onLine && lineReader(options.onLine);
  const result = await runToEnd('ssh', sshArguments(target, ['sh', '-c', asRoot, 'sh', ...args]), {
    input: script,
    maxOutputBytes: outputLimitBytes,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.timeoutMs ? { timeoutMs: options.timeoutMs } : {}),
    ...(lines ? { onOutput: lines.add } : {}),
  });
  lines?.end();
  return throwWhenCut(target, result);
}

/** Like runRemoteScript, with `content` on the script's standard input. */
export async function sendToRemoteScript(target: SshTarget, script: string, args: readonly string[], content: Readable, options: RemoteOptions = {}): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const child = spawnProcess('ssh', sshArguments(target, ['sh', '-c', asRootWithContent, 'sh', script, ...args]), { stdin: 'pipe' });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout = (output.stdout + chunk).slice(-outputLimitBytes)));
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr = (output.stderr + chunk).slice(-outputLimitBytes)));
  const onAbort = () => killTree(child);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 255));
    });
    const [exitCode] = await Promise.all([ended, sendContent(content, child.stdin)]);
    if (options.signal?.aborted) throw new RedControlError('CANCELLED', 'Sending to the server was cancelled');
    return throwWhenCut(target, { exitCode, ...output });
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    content.destroy();
  }
}

/** A script that ends before it has read all closes its end; its exit code says whether that was right. */
async function sendContent(content: Readable, stdin: NodeJS.WritableStream | null): Promise<void> {
  if (!stdin) return;
  try {
    await pipeline(content, stdin);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET') throw error;
  }
}

/** 255 is ssh's own failure; 137 and 143 are those of a killed client. No script of ours ends with any of them. */
function throwWhenCut(target: SshTarget, result: RunResult): RunResult {
  if (result.exitCode === 255 || result.exitCode === 137 || result.exitCode === 143) throw sshFailure(target, result.stderr);
  return result;
}

function lineReader(onLine: (line: string) => void) {
  const lineLimit = 2000;
  let rest = '';
  return {
    add(chunk: Buffer) {
      const parts = (rest + chunk.toString('utf8')).split('\n');
      rest = (parts.pop() ?? '').slice(-lineLimit);
      for (const part of parts) onLine(part.slice(0, lineLimit));
    },
    end() {
      if (rest) onLine(rest);
    },
  };
}

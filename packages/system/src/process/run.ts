import { RedControlError } from '@redcontrol/contract';
import { killTree, spawnProcess, type SpawnOptions } from './spawn.ts';

export interface RunOptions extends Omit<SpawnOptions, 'stdin' | 'stdout' | 'stderr'> {
  /** Written to the program's standard input, which is then closed. */
  input?: string | Uint8Array;
  /** After this the whole process tree is killed. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Output kept in memory of each stream; what comes after is dropped. */
  maxOutputBytes?: number;
  /** Called with every chunk of both streams as it comes. */
  onOutput?: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
}

export interface RunResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end, whatever its exit code.
 * Throws COMMAND_FAILED when it cannot be started or takes longer than `timeoutMs`, CANCELLED when `signal` fires.
 */
export async function runToEnd(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const child = spawnProcess(command, args, { ...options, stdin: options.input === undefined ? 'ignore' : 'pipe' });
  const limit = options.maxOutputBytes ?? 16 * 1024 * 1024;
  const stdout = collect(limit);
  const stderr = collect(limit);
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout.add(chunk);
    options.onOutput?.(chunk, 'stdout');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr.add(chunk);
    options.onOutput?.(chunk, 'stderr');
  });

  let stopped: 'timeout' | 'cancelled' | undefined;
  const stop = (reason: 'timeout' | 'cancelled') => {
    stopped = reason;
    killTree(child);
  };
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(stop, options.timeoutMs, 'timeout');
  const onAbort = () => stop('cancelled');
  options.signal?.addEventListener('abort', onAbort, { once: true });

  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', (cause) =>
        reject(new RedControlError('COMMAND_FAILED', `Expected to start ${command}, got ${cause.message}`, { cause, hint: `Install ${command} or put it on PATH.` })),
      );
      child.once('close', (code, signalName) => resolve(code ?? (signalName === 'SIGKILL' ? 137 : 143)));
      child.stdin?.on('error', () => {});
      if (options.input !== undefined) child.stdin?.end(options.input);
    });
    if (stopped === 'timeout') {
      throw new RedControlError('COMMAND_FAILED', `Expected ${command} ${args[0] ?? ''} to end within ${options.timeoutMs} ms, it did not`);
    }
    if (stopped === 'cancelled') throw new RedControlError('CANCELLED', `${command} ${args[0] ?? ''} was cancelled`);
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** Like runToEnd, but an exit code other than 0 throws COMMAND_FAILED with the end of what the program said. */
export async function runOrThrow(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const result = await runToEnd(command, args, options);
  if (result.exitCode !== 0) {
    const said = (result.stderr.trim() || result.stdout.trim()).slice(-2000);
    throw new RedControlError('COMMAND_FAILED', `Expected ${command} ${args.slice(0, 2).join(' ')} to succeed, got exit code ${result.exitCode}${said ? `: ${said}` : ''}`);
  }
  return result;
}

function collect(limit: number) {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    add(chunk: Buffer) {
      if (size >= limit) return;
      chunks.push(chunk.subarray(0, limit - size));
      size += Math.min(chunk.length, limit - size);
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

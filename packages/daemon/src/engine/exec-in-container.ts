import type { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { RedControlError } from '@redcontrol/contract';
import type { Exec } from 'dockerode';
import { demultiplexer } from './demultiplex.ts';
import { askEngine, engineError, engineStatus } from './engine-error.ts';
import type { Engine } from './engine.ts';
import { killProcesses } from './kill-processes.ts';

export interface ExecOptions {
  /** Id or name of a running container. */
  container: string;
  command: string[];
  /** Left out: the container's own user. */
  user?: string;
  workingDir?: string;
  variables?: Record<string, string>;
  /** Both streams in the order they came. A returned promise holds the program back until it resolves. */
  onOutput: (chunk: Buffer, stream: 'stdout' | 'stderr') => void | Promise<void>;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Given to the program's standard input, which is then closed. */
  stdin?: string | Uint8Array | Readable;
  /** Runs it instead of the engine where it can: for the same container and user. */
  runner?: CommandRunner | undefined;
}

/** Something that stands in a container and runs commands there. Answers the exit code; undefined where it cannot take the command. */
export type CommandRunner = (options: Pick<ExecOptions, 'command' | 'workingDir' | 'variables' | 'onOutput' | 'stdin'>) => Promise<number> | undefined;

export interface ExecResult {
  exitCode: number;
  outcome: 'exited' | 'timeout' | 'cancelled';
  /** True when the processes could be killed only together with their container. */
  containerKilled?: boolean;
}

/** How long output that is still on its way is waited for after a kill. */
const afterKillMs = 3_000;

/**
 * Runs a command in a running container and returns its exit code, whatever it is.
 *
 * At a timeout or a cancellation everything that runs as the same user in the container is killed, also what left
 * the command's process group; where even that cannot be done, the container is killed. So commands that must not
 * fall together must not share a container and a user.
 *
 * When the command ends but leaves processes that hold its output open, the engine waits 2 s for them, then closes.
 * Throws NOT_FOUND (no such container), CONFLICT (it does not run), ENGINE_UNAVAILABLE (also when it was restarted meanwhile), and what `onOutput` throws, after a kill.
 */
export async function execInContainer(engine: Engine, options: ExecOptions): Promise<ExecResult> {
  const stop = stopCondition(options);
  try {
    if (stop.reason()) return { exitCode: 137, outcome: stop.reason()! };
    const task = `run ${options.command[0]} in the container ${options.container}`;
    const { ended, letGo } = await startCommand(engine, options, task);
    try {
      const first = await Promise.race([ended, stop.fired]);
      if (typeof first === 'number') return { exitCode: first, outcome: 'exited' };
      return { outcome: first, ...(await killAndSettle(engine, options, ended)) };
    } catch (thrown) {
      await killProcesses(engine, options).catch(() => {});
      throw engineError(engine, task, thrown);
    } finally {
      letGo();
    }
  } finally {
    stop.dispose();
  }
}

async function startCommand(engine: Engine, options: ExecOptions, task: string): Promise<{ ended: Promise<number>; letGo(): void }> {
  const taken = options.runner?.(options);
  if (taken) return { ended: taken, letGo: () => {} };
  const { exec, stream } = await askEngine(engine, task, () => startExec(engine, options));
  return { ended: watchEnd(exec, stream, options), letGo: () => void stream.destroy() };
}

async function startExec(engine: Engine, options: ExecOptions): Promise<{ exec: Exec; stream: Duplex }> {
  const withInput = options.stdin !== undefined;
  const exec = await engine.docker.getContainer(options.container).exec({
    Cmd: options.command,
    AttachStdout: true,
    AttachStderr: true,
    AttachStdin: withInput,
    Env: Object.entries(options.variables ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(options.user === undefined ? {} : { User: options.user }),
    ...(options.workingDir === undefined ? {} : { WorkingDir: options.workingDir }),
  });
  const stream = await exec.start({ hijack: withInput, stdin: withInput });
  if (options.stdin !== undefined) feed(stream, options.stdin);
  return { exec, stream };
}

/** A program may end without reading all of its input: that is no error. */
function feed(stream: Duplex, input: string | Uint8Array | Readable): void {
  if (typeof input === 'string' || input instanceof Uint8Array) {
    stream.on('error', () => {});
    stream.end(input);
    return;
  }
  const writable = stream as NodeJS.WritableStream;
  pipeline(input, writable).catch(() => {});
}

/** Resolves with the exit code when the output is all passed on and the program has ended. */
async function watchEnd(exec: Exec, stream: Duplex, options: ExecOptions): Promise<number> {
  const frames = demultiplexer();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (const piece of frames.push(chunk)) {
      const slow = options.onOutput(piece.chunk, piece.stream);
      if (slow) await slow;
    }
  }
  // The output closes a moment before the engine knows the exit code, or long before: a program may close it and go on.
  for (let waitMs = 2; ; waitMs = Math.min(waitMs * 2, 250)) {
    const state = await exec.inspect().catch((thrown: unknown) => {
      // It knew of it a moment ago, and forgets only when it is stopped itself.
      if (engineStatus(thrown) !== 404) throw thrown;
      throw new RedControlError('ENGINE_UNAVAILABLE', `Expected the engine to tell how ${options.command[0]} ended, it was restarted meanwhile`, { cause: thrown });
    });
    if (!state.Running && state.ExitCode !== null) return state.ExitCode;
    await delay(waitMs);
  }
}

async function killAndSettle(engine: Engine, options: ExecOptions, ended: Promise<number>): Promise<Omit<ExecResult, 'outcome'>> {
  const { containerKilled } = await killProcesses(engine, options);
  const timer = new AbortController();
  const late = delay(afterKillMs, undefined, { signal: timer.signal }).catch(() => undefined);
  const exitCode = await Promise.race([ended.catch(() => undefined), late]);
  timer.abort();
  return { exitCode: exitCode ?? 137, ...(containerKilled ? { containerKilled } : {}) };
}

function stopCondition(options: ExecOptions) {
  let reason: 'timeout' | 'cancelled' | undefined;
  let fire: (reason: 'timeout' | 'cancelled') => void = () => {};
  const fired = new Promise<'timeout' | 'cancelled'>((resolve) => {
    fire = (why) => {
      reason ??= why;
      resolve(reason);
    };
  });
  const onAbort = () => fire('cancelled');
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(fire, options.timeoutMs, 'timeout');
  return {
    fired,
    reason: () => reason,
    dispose() {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
    },
  };
}

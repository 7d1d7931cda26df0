import type { Duplex } from 'node:stream';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Exec } from 'dockerode';
import { demultiplexer } from './demultiplex.ts';
import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';

export interface ExecSessionOptions {
  /** Id or name of a running container. */
  container: string;
  command: string[];
  /** `uid:gid`; left out: the container's own. */
  user?: string | undefined;
  variables?: Record<string, string>;
  /** A terminal of this size; left out: three plain streams. */
  terminal?: { columns: number; rows: number } | undefined;
  /** A returned promise holds the program back until it resolves. A terminal has one stream. */
  onOutput: (chunk: Buffer, stream: 'stdout' | 'stderr') => void | Promise<void>;
}

/** A program that somebody talks to in a container that goes on without it. */
export interface ExecSession {
  /** Resolves when there is room for more. */
  write(data: Buffer): Promise<void>;
  /** Closes the program's standard input. */
  end(): void;
  resize(size: { columns: number; rows: number }): Promise<void>;
  /** Resolves with the exit code when its output is all passed on. */
  readonly exitCode: Promise<number>;
  /** Ends the program with all that it has started, and nothing else in the container. */
  kill(): Promise<void>;
}

/** Children inherit it: by it a session's processes are told from those of the app. */
const markName = 'REDCONTROL_SESSION';
const hangUpMs = 1_000;

/** Starts a program in a running container. Throws NOT_FOUND, CONFLICT, or COMMAND_FAILED when it cannot be started. */
export async function openExecSession(engine: Engine, options: ExecSessionOptions): Promise<ExecSession> {
  const mark = randomBytes(12).toString('hex');
  const { exec, stream } = await askEngine(engine, `run ${options.command[0]} in the container ${options.container}`, () => start(engine, options, mark));
  stream.on('error', () => {});
  return {
    async write(data) {
      if (!stream.destroyed && !stream.writableEnded && !stream.write(data)) await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
    },
    end: () => void stream.end(),
    // A program that has just ended has no terminal any more.
    resize: async ({ columns, rows }) => void (await exec.resize({ w: columns, h: rows }).catch(() => {})),
    exitCode: watchEnd(exec, stream, options),
    async kill() {
      await signalMarked(engine, options.container, { mark, signal: 'HUP' });
      await delay(hangUpMs);
      await signalMarked(engine, options.container, { mark, signal: 'KILL' });
      stream.destroy();
    },
  };
}

async function start(engine: Engine, { container, command, user, variables = {}, terminal }: ExecSessionOptions, mark: string): Promise<{ exec: Exec; stream: Duplex }> {
  const exec = await engine.docker.getContainer(container).exec({
    Cmd: command, ...(user === undefined ? {} : { User: user }), AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: terminal !== undefined,
    Env: Object.entries({ ...variables, [markName]: mark }).map(([key, value]) => `${key}=${value}`),
  });
  const stream = await exec.start({ hijack: true, stdin: true, Tty: terminal !== undefined });
  if (terminal) await exec.resize({ w: terminal.columns, h: terminal.rows }).catch(() => {});
  return { exec, stream };
}

async function watchEnd(exec: Exec, stream: Duplex, { terminal, onOutput }: ExecSessionOptions): Promise<number> {
  const frames = demultiplexer();
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const pieces = terminal ? [{ chunk, stream: 'stdout' as const }] : frames.push(chunk);
      for (const piece of pieces) await onOutput(piece.chunk, piece.stream);
    }
  } catch {
    // It was killed: what counts is how it ended.
  }
  for (let waitMs = 2; waitMs < 60_000; waitMs *= 2) {
    const state = await exec.inspect().catch(() => undefined);
    if (!state) return 137;
    if (!state.Running && state.ExitCode !== null) return state.ExitCode;
    await delay(Math.min(waitMs, 250));
  }
  return 137;
}

/** Sends a signal to every process in the container whose environment has the mark. Silent where that cannot be done. */
async function signalMarked(engine: Engine, container: string, { mark, signal }: { mark: string; signal: 'HUP' | 'KILL' }): Promise<void> {
  const script = `for p in /proc/[0-9]*; do if grep -q "${markName}=${mark}" $p/environ 2>/dev/null; then kill -${signal} \${p#/proc/} 2>/dev/null; fi; done; echo done`;
  try {
    const exec = await engine.docker.getContainer(container).exec({ Cmd: ['sh', '-c', script], AttachStdout: true });
    for await (const _chunk of (await exec.start({})) as AsyncIterable<Buffer>);
  } catch {
    // The container has ended with all in it.
  }
}

import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { CommandRunner, ExecOptions } from '../exec-in-container.ts';
import { readUntilMark, type MarkReader } from './read-until-mark.ts';
import { runnerLine } from './runner-text.ts';

export interface OpenRunner {
  run: CommandRunner;
  close(): void;
}

interface Job {
  onOutput: ExecOptions['onOutput'];
  readers: Record<'stdout' | 'stderr', MarkReader | undefined>;
  exitCode: number;
  resolve(exitCode: number): void;
  reject(error: unknown): void;
}

/** What the engine's frames can be at most: a machine that says more is broken or hostile. */
const maxFrameBytes = 1024 ** 2;
/** As for a process that was killed: the shell went with it. */
const killedExitCode = 137;

/**
 * The host's end of a shell that stands in a container (see runner-text.ts): lines go in, frames as the engine makes them
 * come out. One command at a time; a second one, or any after the shell has ended, is not taken.
 */
export function openCommandRunner(stream: Duplex): OpenRunner {
  let job: Job | undefined;
  let isGone = false;
  const take = async () => {
    for await (const { kind, payload } of readFrames(stream)) {
      if (kind !== 1 && kind !== 2) break;
      if (job) await passOn(job, kind === 1 ? 'stdout' : 'stderr', payload);
      if (job && !job.readers.stdout && !job.readers.stderr) {
        const { resolve, exitCode } = job;
        job = undefined;
        resolve(exitCode);
      }
    }
  };
  stream.on('error', () => {});
  void take().catch((error: unknown) => job?.reject(error)).finally(() => {
    isGone = true;
    job?.resolve(killedExitCode);
    job = undefined;
    stream.destroy();
  });
  return {
    run(options) {
      const input = options.stdin === undefined ? undefined : bytesOf(options.stdin);
      if (isGone || job || input === null) return undefined;
      const mark = randomBytes(12).toString('hex');
      const line = runnerLine({ command: options.command, workingDir: options.workingDir ?? '/', variables: options.variables ?? {}, inputBytes: input?.length }, mark);
      if (line === undefined) return undefined;
      return new Promise((resolve, reject) => {
        job = { onOutput: options.onOutput, readers: { stdout: readUntilMark(mark), stderr: readUntilMark(mark) }, exitCode: killedExitCode, resolve, reject };
        stream.write(line);
        if (input) stream.write(input);
      });
    },
    close: () => void stream.destroy(),
  };
}

async function passOn(job: Job, name: 'stdout' | 'stderr', payload: Buffer): Promise<void> {
  const { output, said } = job.readers[name]?.push(payload) ?? { output: Buffer.alloc(0), said: undefined };
  if (said !== undefined) {
    job.readers[name] = undefined;
    if (name === 'stdout') job.exitCode = Number(said);
  }
  if (output.length > 0) await job.onOutput(output, name);
}

/** null: only what is all there can be announced with its length. */
function bytesOf(input: NonNullable<ExecOptions['stdin']>): Buffer | null {
  if (typeof input === 'string') return Buffer.from(input);
  return input instanceof Uint8Array ? Buffer.from(input) : null;
}

async function* readFrames(stream: Duplex): AsyncGenerator<{ kind: number; payload: Buffer }> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    while (rest.length >= 8) {
      const length = rest.readUInt32BE(4);
      if (length > maxFrameBytes) return;
      if (rest.length < 8 + length) break;
      yield { kind: rest[0]!, payload: rest.subarray(8, 8 + length) };
      rest = rest.subarray(8 + length);
    }
  }
}

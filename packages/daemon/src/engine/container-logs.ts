import type { Readable } from 'node:stream';
import { demultiplexer } from './demultiplex.ts';
import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';

const maxLogBytes = 4 * 1024 * 1024;

/** The last `lines` lines that a container wrote, both streams in order; at most the last 4 MiB of them. */
export async function containerLogs(engine: Engine, id: string, options: { lines: number; since?: number }): Promise<string> {
  const raw = await askEngine(engine, `read the log of the container ${id}`, () =>
    engine.docker.getContainer(id).logs({ stdout: true, stderr: true, tail: options.lines, follow: false, ...sinceOf(options) }),
  );
  const pieces = demultiplexer().push(Buffer.from(raw));
  const text = Buffer.concat(pieces.map((piece) => piece.chunk));
  return text.subarray(Math.max(0, text.length - maxLogBytes)).toString('utf8');
}

/** The engine takes seconds since 1970, with a fraction. */
function sinceOf({ since }: { since?: number }): { since?: number } {
  return since === undefined ? {} : { since: since / 1000 };
}

export interface FollowOptions {
  /** Lines from before to begin with; left out: none. */
  lines?: number | 'all';
  /** Milliseconds since 1970: only what was written since. */
  since?: number;
  onOutput: (chunk: Buffer, stream: 'stdout' | 'stderr') => void | Promise<void>;
  signal?: AbortSignal;
}

/** Passes on what a container writes until it ends or `signal` fires; a slow `onOutput` slows the reading. */
export async function followContainerLogs(engine: Engine, id: string, options: FollowOptions): Promise<void> {
  if (options.signal?.aborted) return;
  await askEngine(engine, `follow the log of the container ${id}`, async () => {
    const stream = (await engine.docker
      .getContainer(id)
      .logs({ stdout: true, stderr: true, tail: (options.lines ?? 0) as number, follow: true, ...sinceOf(options) })) as unknown as Readable;
    const close = () => stream.destroy();
    options.signal?.addEventListener('abort', close, { once: true });
    try {
      if (options.signal?.aborted) return;
      const frames = demultiplexer();
      for await (const chunk of stream) {
        for (const piece of frames.push(chunk as Buffer)) await options.onOutput(piece.chunk, piece.stream);
      }
    } catch (thrown) {
      if (!options.signal?.aborted) throw thrown;
    } finally {
      options.signal?.removeEventListener('abort', close);
      stream.destroy();
    }
  });
}

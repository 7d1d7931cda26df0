import { PassThrough, type Readable } from 'node:stream';
import { execInContainer, type ExecOptions } from './exec-in-container.ts';
import type { Engine } from './engine.ts';

/** A command whose standard output is read as a stream; a slow reader holds the program back. */
export interface ExecStream {
  output: Readable;
  /** Resolves when the program has ended, with the end of what it wrote to standard error. Throws as execInContainer does. */
  ended: Promise<{ exitCode: number; outcome: 'exited' | 'timeout' | 'cancelled'; errorText: string }>;
}

const keptErrorBytes = 256 * 1024;

/** Runs a command in a running container. The stream is destroyed with the error when the program cannot be run to its end. */
export function execToStream(engine: Engine, options: Omit<ExecOptions, 'onOutput'>): ExecStream {
  const output = new PassThrough({ highWaterMark: 256 * 1024 });
  // Whoever reads hears of an error; one that comes when nobody reads any more must not end the process.
  output.on('error', () => {});
  let errorText = '';
  const onOutput = (chunk: Buffer, stream: 'stdout' | 'stderr') => {
    if (stream === 'stderr') {
      errorText = (errorText + chunk.toString('utf8')).slice(-keptErrorBytes);
      return undefined;
    }
    return writeAll(output, chunk);
  };
  const ended = execInContainer(engine, { ...options, onOutput }).then(
    ({ exitCode, outcome }) => {
      output.end();
      return { exitCode, outcome, errorText };
    },
    (error: unknown) => {
      output.destroy(error as Error);
      throw error;
    },
  );
  ended.catch(() => {});
  return { output, ended };
}

/** Resolves when the reader has room again. Rejects when it went away, which ends the program. */
function writeAll(output: PassThrough, chunk: Buffer): Promise<void> | undefined {
  if (output.destroyed) return Promise.reject(output.errored ?? new Error('The reader went away'));
  if (output.write(chunk)) return undefined;
  return new Promise((resolve, reject) => {
    const settle = () => {
      output.off('drain', onDrain);
      output.off('close', onClose);
    };
    const onDrain = () => {
      settle();
      resolve();
    };
    const onClose = () => {
      settle();
      reject(output.errored ?? new Error('The reader went away'));
    };
    output.once('drain', onDrain);
    output.once('close', onClose);
  });
}

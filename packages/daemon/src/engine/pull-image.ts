import type { Readable } from 'node:stream';
import { RedControlError } from '@redcontrol/contract';
import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';
import { readProgress } from './read-progress.ts';

/**
 * Fetches an image from its registry and returns its id.
 * Throws IMAGE_UNAVAILABLE when the registry does not answer or has no such image, CANCELLED when `signal` fires.
 */
export async function pullImage(engine: Engine, reference: string, onOutput: (chunk: Buffer) => void = () => {}, signal?: AbortSignal): Promise<string> {
  const named = /[:@][^/]*$/.test(reference) ? reference : `${reference}:latest`;
  try {
    return await askEngine(engine, `pull ${named}`, async () => {
      const stream = (await engine.docker.pull(named, signal ? { abortSignal: signal } : {})) as Readable;
      await readProgress(stream, onOutput);
      return (await engine.docker.getImage(named).inspect()).Id;
    });
  } catch (error) {
    if (signal?.aborted) throw new RedControlError('CANCELLED', `Pulling ${named} was cancelled`);
    if (!(error instanceof RedControlError) || error.code !== 'COMMAND_FAILED') throw error;
    throw new RedControlError('IMAGE_UNAVAILABLE', error.message, {
      cause: error,
      hint: 'Check the name, and that the server reaches the registry or the mirror that the configuration names.',
    });
  }
}

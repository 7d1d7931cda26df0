import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';

/**
 * Waits until a container does not run and returns its exit code; at once when it has ended already.
 * Throws CANCELLED when `signal` fires, NOT_FOUND when there is no such container.
 */
export async function waitContainer(engine: Engine, id: string, signal?: AbortSignal): Promise<number> {
  return askEngine(engine, `wait for the container ${id}`, async () => {
    signal?.throwIfAborted();
    const ended = (await engine.docker.getContainer(id).wait(signal ? { abortSignal: signal } : {})) as { StatusCode: number };
    return ended.StatusCode;
  });
}

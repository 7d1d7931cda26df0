import { askEngine, engineStatus } from './engine-error.ts';
import type { Engine } from './engine.ts';

/**
 * Asks the container to end (`signal`, or its own stop signal) and kills it after `timeoutMs`.
 * Returns when it has ended; silent when it does not run or is gone.
 */
export async function stopContainer(engine: Engine, id: string, options: { signal?: string; timeoutMs: number }): Promise<void> {
  await askEngine(engine, `stop the container ${id}`, async () => {
    const container = engine.docker.getContainer(id);
    try {
      if (options.signal === undefined) {
        await container.stop({ t: Math.ceil(options.timeoutMs / 1000) });
        return;
      }
      // Engines before 23 take no signal with the stop call, so it is sent first and the end is waited for here.
      await container.kill({ signal: options.signal });
      if (!(await endsWithin(engine, id, options.timeoutMs))) await container.kill({ signal: 'SIGKILL' });
      await container.wait();
    } catch (thrown) {
      if (!alreadyEnded(thrown)) throw thrown;
    }
  });
}

async function endsWithin(engine: Engine, id: string, timeoutMs: number): Promise<boolean> {
  const abort = AbortSignal.timeout(timeoutMs);
  try {
    await engine.docker.getContainer(id).wait({ abortSignal: abort });
    return true;
  } catch (thrown) {
    if (abort.aborted) return false;
    throw thrown;
  }
}

/** 304: it did not run. 404: gone. 409: it does not run, said by kill. */
function alreadyEnded(thrown: unknown): boolean {
  const status = engineStatus(thrown);
  return status === 304 || status === 404 || status === 409;
}

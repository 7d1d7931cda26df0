import { askEngine, engineStatus } from './engine-error.ts';
import type { Engine } from './engine.ts';

/** Removes a network; silent when it is gone. Throws CONFLICT while containers are on it. */
export async function removeNetwork(engine: Engine, name: string): Promise<void> {
  await askEngine(engine, `remove the network ${name}`, async () => {
    try {
      await engine.docker.getNetwork(name).remove();
    } catch (thrown) {
      if (engineStatus(thrown) !== 404) throw asConflict(thrown);
    }
  });
}

/** Older engines answer 403 for a network in use. */
function asConflict(thrown: unknown): unknown {
  return engineStatus(thrown) === 403 ? Object.assign(thrown as Error, { statusCode: 409 }) : thrown;
}

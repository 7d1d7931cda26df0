import { askEngine, engineStatus } from './engine-error.ts';
import type { Engine } from './engine.ts';

/** Kills and removes a container with its anonymous volumes; silent when it is gone. */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  await askEngine(engine, `remove the container ${id}`, async () => {
    const container = engine.docker.getContainer(id);
    try {
      await container.remove({ force: true, v: true });
    } catch (thrown) {
      if (engineStatus(thrown) === 404) return;
      if (engineStatus(thrown) !== 409) throw thrown;
      // Somebody else's removal is under way: the caller may count on it being gone all the same.
      await container.wait({ condition: 'removed' }).catch((ended: unknown) => {
        if (engineStatus(ended) !== 404) throw ended;
      });
    }
  });
}

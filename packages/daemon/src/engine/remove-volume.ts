import { askEngine, engineStatus } from './engine-error.ts';
import type { Engine } from './engine.ts';

/** Removes a volume with its data; silent when it is gone. Throws CONFLICT while a container uses it. */
export async function removeVolume(engine: Engine, name: string): Promise<void> {
  await askEngine(engine, `remove the volume ${name}`, async () => {
    try {
      await engine.docker.getVolume(name).remove();
    } catch (thrown) {
      if (engineStatus(thrown) !== 404) throw thrown;
    }
  });
}

import { askEngine, engineStatus } from './engine-error.ts';
import type { Engine } from './engine.ts';

/** The id (`sha256:…`) of the image that a reference or id names, or undefined when the engine has none. */
export async function imageExists(engine: Engine, reference: string): Promise<string | undefined> {
  return askEngine(engine, `look for the image ${reference}`, async () => {
    try {
      return (await engine.docker.getImage(reference).inspect()).Id;
    } catch (thrown) {
      if (engineStatus(thrown) === 404) return undefined;
      throw thrown;
    }
  });
}

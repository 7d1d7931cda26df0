import { askEngine, engineStatus } from './engine-error.ts';
import type { Engine } from './engine.ts';

/**
 * Removes an image, by reference (its tag goes, and the image with the last one) or by id (it goes with all its tags).
 * Returns false, and removes nothing, while a container or another image needs it; silent when it is gone.
 */
export async function removeImage(engine: Engine, reference: string): Promise<boolean> {
  return askEngine(engine, `remove the image ${reference}`, async () => {
    try {
      await engine.docker.getImage(reference).remove({ force: false });
      return true;
    } catch (thrown) {
      if (engineStatus(thrown) === 404) return true;
      if (engineStatus(thrown) !== 409) throw thrown;
      return isOnlyManyTags(thrown) ? removeTags(engine, reference) : false;
    }
  });
}

function isOnlyManyTags(thrown: unknown): boolean {
  return /referenced in (multiple|one or more) repositories/.test(String((thrown as Error).message));
}

async function removeTags(engine: Engine, id: string): Promise<boolean> {
  const { RepoTags } = await engine.docker.getImage(id).inspect();
  for (const tag of RepoTags) {
    if (!(await removeImage(engine, tag))) return false;
  }
  return true;
}

import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';

/** Whom an image's containers run as, as its Dockerfile says: a name or numbers, '' for root. Throws NOT_FOUND. */
export async function imageUser(engine: Engine, image: string): Promise<string> {
  return askEngine(engine, `look at the image ${image}`, async () => (await engine.docker.getImage(image).inspect()).Config.User ?? '');
}

import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';

/** The working directory of an image's containers, as its Dockerfile says. Throws NOT_FOUND. */
export async function imageFolder(engine: Engine, image: string): Promise<string> {
  return askEngine(engine, `look at the image ${image}`, async () => (await engine.docker.getImage(image).inspect()).Config.WorkingDir || '/');
}

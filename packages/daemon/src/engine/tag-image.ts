import { RedControlError } from '@redcontrol/contract';
import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';

/** Gives an image one more name, `repository:tag`; a name that another image has moves to this one. */
export async function tagImage(engine: Engine, image: string, reference: string): Promise<void> {
  const { repository, tag } = splitReference(reference);
  await askEngine(engine, `tag ${image} as ${reference}`, () => engine.docker.getImage(image).tag({ repo: repository, tag }));
}

/** `repository:tag` in its parts; throws INTERNAL when there is no tag, since "latest" is never meant here. */
export function splitReference(reference: string): { repository: string; tag: string } {
  const colon = reference.lastIndexOf(':');
  if (colon <= reference.lastIndexOf('/')) throw new RedControlError('INTERNAL', `Expected an image reference with a tag, got ${reference}`);
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

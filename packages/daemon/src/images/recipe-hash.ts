import { createHash } from 'node:crypto';

/** A short name for what an image is made of: a change of the recipe gives another tag, so the image is made anew. */
export function recipeHash(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}

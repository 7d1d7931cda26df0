import { listImages, removeImage, type Engine, type ListedImage } from '../engine/index.ts';

const keptMs = 24 * 3_600_000;

/**
 * Removes toolchain and database images that a newer one of the same name has replaced for more than a day and that
 * nothing uses; returns their tags.
 */
export async function removeOutdated(shared: Engine): Promise<string[]> {
  const removed: string[] = [];
  for (const image of outdated(await listImages(shared, { role: 'image' }), Date.now())) {
    if (await removeImage(shared, image.id)) removed.push(...image.tags);
  }
  return removed;
}

/** Pure. The newest of each name stays, whatever its age. */
export function outdated(images: readonly ListedImage[], nowMs: number): ListedImage[] {
  const newestFirst = [...images].sort((a, b) => b.createdAtSeconds - a.createdAtSeconds);
  const newest = new Map<string, ListedImage>();
  return newestFirst.filter((image) => {
    const name = image.labels['redcontrol.name'] ?? image.id;
    const successor = newest.get(name);
    if (!successor) newest.set(name, image);
    return successor !== undefined && nowMs - successor.createdAtSeconds * 1000 > keptMs;
  });
}

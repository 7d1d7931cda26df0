import { askEngine } from './engine-error.ts';
import { labelFilter, type Engine, type OwnerLabels } from './engine.ts';

export interface ListedImage {
  id: string;
  /** `name:tag`; empty when no tag names it any more. */
  tags: string[];
  labels: Record<string, string>;
  /** All its layers, also those it shares with other images. */
  sizeBytes: number;
  /** Unix seconds. */
  createdAtSeconds: number;
}

/** Images of this instance that carry all these labels, newest first. */
export async function listImages(engine: Engine, owner: Partial<OwnerLabels> = {}): Promise<ListedImage[]> {
  const listed = await askEngine(engine, 'list images', () => engine.docker.listImages({ filters: labelFilter(engine, owner) }));
  return listed
    .map((image) => ({
      id: image.Id,
      tags: (image.RepoTags ?? []).filter((tag) => tag !== '<none>:<none>'),
      labels: image.Labels ?? {},
      sizeBytes: image.Size,
      createdAtSeconds: image.Created,
    }))
    .sort((a, b) => b.createdAtSeconds - a.createdAtSeconds);
}

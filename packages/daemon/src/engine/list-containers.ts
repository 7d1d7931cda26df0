import { askEngine } from './engine-error.ts';
import { labelFilter, type Engine, type OwnerLabels } from './engine.ts';

export interface ListedContainer {
  id: string;
  name: string;
  /** The reference it was started with. */
  image: string;
  imageId: string;
  running: boolean;
  /** It ended, and the engine will not start it again by itself. */
  ended: boolean;
  labels: Record<string, string>;
  /** Network name → IPv4 address. */
  addresses: Record<string, string>;
  /** Unix seconds. */
  createdAtSeconds: number;
}

/** Containers of this instance that carry all these labels, stopped ones too, newest first. */
export async function listContainers(engine: Engine, owner: Partial<OwnerLabels> = {}): Promise<ListedContainer[]> {
  const listed = await askEngine(engine, 'list containers', () =>
    engine.docker.listContainers({ all: true, filters: labelFilter(engine, owner) }),
  );
  return listed.map((info) => ({
    id: info.Id,
    name: (info.Names[0] ?? '').replace(/^\//, ''),
    image: info.Image,
    imageId: info.ImageID,
    running: info.State === 'running',
    ended: info.State === 'exited' || info.State === 'dead',
    labels: info.Labels,
    addresses: Object.fromEntries(
      Object.entries(info.NetworkSettings?.Networks ?? {}).flatMap(([network, settings]) =>
        settings.IPAddress ? [[network, settings.IPAddress]] : [],
      ),
    ),
    createdAtSeconds: info.Created,
  }));
}

import { askEngine } from './engine-error.ts';
import { labelFilter, type Engine, type OwnerLabels } from './engine.ts';

/** Volumes of this instance that carry all these labels. */
export async function listVolumes(engine: Engine, owner: Partial<OwnerLabels> = {}): Promise<{ name: string; labels: Record<string, string> }[]> {
  const { Volumes } = await askEngine(engine, 'list volumes', () =>
    engine.docker.listVolumes({ filters: labelFilter(engine, owner) }),
  );
  return (Volumes ?? []).map((volume) => ({ name: volume.Name, labels: volume.Labels ?? {} }));
}

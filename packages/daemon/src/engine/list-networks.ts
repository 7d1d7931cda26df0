import { askEngine } from './engine-error.ts';
import { labelFilter, type Engine, type OwnerLabels } from './engine.ts';

/** Names of networks of this instance that carry all these labels. */
export async function listNetworks(engine: Engine, owner: Partial<OwnerLabels> = {}): Promise<string[]> {
  const listed = await askEngine(engine, 'list networks', () => engine.docker.listNetworks({ filters: labelFilter(engine, owner) }));
  return listed.map((network) => network.Name);
}

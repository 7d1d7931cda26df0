import { askEngine } from './engine-error.ts';
import { labelFilter, type Engine } from './engine.ts';
import { listContainers } from './list-containers.ts';
import { listImages } from './list-images.ts';
import { listVolumes } from './list-volumes.ts';
import { removeContainer } from './remove-container.ts';
import { removeImage } from './remove-image.ts';
import { removeNetwork } from './remove-network.ts';
import { removeVolume } from './remove-volume.ts';

/** Removes every container, network and volume of the engine's instance, with all data; images only when told. */
export async function purgeInstance(engine: Engine, options: { images?: boolean } = {}): Promise<void> {
  const containers = await listContainers(engine);
  await Promise.all(containers.map((container) => removeContainer(engine, container.id)));
  const networks = await askEngine(engine, 'list networks', () => engine.docker.listNetworks({ filters: labelFilter(engine, {}) }));
  for (const network of networks) await removeNetwork(engine, network.Id);
  for (const volume of await listVolumes(engine)) await removeVolume(engine, volume.name);
  if (!options.images) return;
  for (const image of await listImages(engine)) await removeImage(engine, image.id);
}

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DaemonContext } from '../context.ts';
import { listImages, listVolumes, removeImage } from '../engine/index.ts';
import { removeEnvironmentServices } from '../environment/index.ts';
import { writeAuthorizedKeys } from '../people/index.ts';
import { reconcileProxy } from '../release/index.ts';
import { getPreview, listEnvironmentNames, listPeopleRows, removeProject } from '../store/index.ts';
import { authorizedKeysPath } from './paths.ts';

/** Takes a project off the server: apps, databases, images, mirror and its rows. Volumes stay unless `data` says otherwise; those of previews go. */
export async function removeProjectEverywhere(daemon: DaemonContext, project: string, options: { data: boolean }): Promise<void> {
  for (const environment of listEnvironmentNames(daemon.store, project)) {
    const volumes = (await listVolumes(daemon.engine, { project, environment })).map((volume) => volume.name);
    const isPreview = getPreview(daemon.store, project, environment) !== undefined;
    await removeEnvironmentServices(daemon, { project, environment }, { data: options.data || isPreview, volumes });
  }
  for (const image of await listImages(daemon.engine, { project, role: 'image' })) await removeImage(daemon.engine, image.id);
  daemon.store.transaction(() => removeProject(daemon.store, project, options));
  await reconcileProxy(daemon);
  await writeAuthorizedKeys(authorizedKeysPath(daemon), listPeopleRows(daemon.store));
  const { dataDirectory } = daemon.options;
  await rm(join(dataDirectory, 'repositories', `${project}.git`), { recursive: true, force: true });
  for (const folder of ['build', 'cache']) await rm(join(dataDirectory, folder, project), { recursive: true, force: true });
}

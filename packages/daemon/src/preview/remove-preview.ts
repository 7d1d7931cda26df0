import { dataLock, removeBackup } from '../backup/index.ts';
import type { DaemonContext } from '../context.ts';
import { environmentNetwork, removeEnvironmentServices } from '../environment/index.ts';
import { listContainers, listVolumes, removeContainer, removeNetwork, removeVolume } from '../engine/index.ts';
import { reconcileProxy, withLock } from '../release/index.ts';
import { getPreview, listBackups, removePreview, type StoredPreview } from '../store/index.ts';

const mostBackups = 1000;

/**
 * Removes all that a preview which ends has: its route, containers, volumes, network, machine and backups; then its rows, its own with the last
 * of them. Each step can be repeated, so a daemon that is killed in between goes on at its next start.
 */
export async function removePreviewEverywhere(daemon: DaemonContext, { project, name, branch }: StoredPreview): Promise<void> {
  const owner = { project, environment: name };
  await reconcileProxy(daemon);
  // A release that was under way comes to its end first.
  await withLock(`${project}/${name}`, () => withLock(dataLock(owner), async () => {
    await removeEnvironmentServices(daemon, owner, { data: true, volumes: [] });
    // A machine of its own is gone with all that was in it: what is left, also from before it had one, is on the server's own engine.
    for (const container of await listContainers(daemon.engine, owner)) await removeContainer(daemon.engine, container.id);
    for (const volume of await listVolumes(daemon.engine, owner)) await removeVolume(daemon.engine, volume.name);
    await removeNetwork(daemon.engine, environmentNetwork(daemon, project, name));
    for (const backup of listBackups(daemon.store, { project, environment: name, limit: mostBackups })) await removeBackup(daemon, backup);
    const ended = getPreview(daemon.store, project, name);
    daemon.store.transition('preview.ended', () => {
      removePreview(daemon.store, { project, name });
      daemon.events.add({ at: daemon.clock.now(), kind: 'preview.ended', project, environment: name, runId: null, text: `the preview of ${branch} has ended: ${ended?.reason ?? ''}`, data: { branch, reason: ended?.reason ?? '' } });
    });
    daemon.events.flush();
  }));
}

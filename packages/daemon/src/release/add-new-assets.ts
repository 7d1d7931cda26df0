import type { DaemonContext } from '../context.ts';
import { addAssetFiles } from './add-asset-files.ts';
import { listReleaseContainers } from './app-containers.ts';
import { assetNames, noteLive } from './asset-files.ts';
import type { ReleaseUnit } from './release-units.ts';

/** Gives the containers that still serve the new version's asset files: for a moment both versions answer. */
export async function addNewAssets(daemon: DaemonContext, { started, left }: { started: readonly ReleaseUnit[]; left: readonly ReleaseUnit[] }): Promise<void> {
  for (const old of left) {
    const next = started.find(({ release, snapshot }) => snapshot.assets && release.app === old.release.app);
    const present = next && (await assetNames(daemon, old.release));
    if (!present) continue;
    await noteLive(daemon, old.release, daemon.clock.now());
    for (const { id, engine, process, running } of await listReleaseContainers(daemon, old.release)) {
      if (process === 'web' && running) await addAssetFiles(daemon, { from: next.release, engine, container: id, present: new Set(present.keys()) });
    }
  }
}

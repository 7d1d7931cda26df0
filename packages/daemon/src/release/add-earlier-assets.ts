import type { DaemonContext } from '../context.ts';
import { engineOf } from '../environment/index.ts';
import { getRelease } from '../store/index.ts';
import { addAssetFiles } from './add-asset-files.ts';
import { assetNames, keptAssets, type AssetOwner } from './asset-files.ts';
import type { ReleaseSnapshot } from './release-snapshot.ts';
import type { UnitRelease } from './release-units.ts';

/** Of so many earlier releases files are served at once, whatever the time. */
const maxEarlierReleases = 10;

/** Gives a new container the asset files of earlier releases that pages still open ask for; never over a file of its own. */
export async function addEarlierAssets(daemon: DaemonContext, { release, snapshot, container }: { release: UnitRelease; snapshot: ReleaseSnapshot; container: string }): Promise<void> {
  if (!snapshot.assets) return;
  const present = new Set((await assetNames(daemon, release))?.keys());
  const earlier = (await keptAssets(daemon)).filter((one) => one.id < release.id && isServed(daemon, one, release)).slice(-maxEarlierReleases);
  // The newest first: it is most likely what an open page means.
  for (const from of earlier.reverse()) await addAssetFiles(daemon, { from, engine: engineOf(daemon, release), container, present });
}

function isServed(daemon: DaemonContext, { id, app }: AssetOwner, release: UnitRelease): boolean {
  const earlier = getRelease(daemon.store, id);
  return app === release.app && earlier?.project === release.project && earlier.environment === release.environment && (earlier.state === 'retired' || earlier.state === 'live');
}

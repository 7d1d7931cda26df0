import type { DaemonContext } from '../context.ts';
import { acrossRestarts } from '../engine/index.ts';
import { engineOf } from '../environment/index.ts';
import { drainOut } from '../proxy/index.ts';
import type { StoredRelease } from '../store/index.ts';
import { listReleaseContainers, serverName, stopContainers } from './app-containers.ts';
import type { ReleaseSnapshot } from './release-snapshot.ts';
import { siteId } from './site.ts';

const drains = new Set<Promise<void>>();

/** Lets a replaced release's connections end, at most for its drain time, then stops it; in the background. */
export function drainRelease(daemon: DaemonContext, release: StoredRelease, snapshot: ReleaseSnapshot): void {
  const drain = acrossRestarts(engineOf(daemon, release), () => drainNow(daemon, release, snapshot)).catch((error: unknown) => daemon.log.error(`release #${release.number} of ${siteId(release)} could not be stopped`, error));
  drains.add(drain);
  void drain.finally(() => drains.delete(drain));
}

/** Resolves when no drain is under way. */
export async function drainsEnded(): Promise<void> {
  while (drains.size > 0) await Promise.all(drains);
}

async function drainNow(daemon: DaemonContext, release: StoredRelease, snapshot: ReleaseSnapshot): Promise<void> {
  const site = siteId(release);
  const containers = await listReleaseContainers(daemon, release);
  const servers = containers.filter((container) => container.process === 'web').map(serverName);
  await drainOut(daemon.proxy, { siteId: site, names: servers, drainMs: snapshot.drainMs, clock: daemon.clock });
  await stopContainers(containers, snapshot);
}

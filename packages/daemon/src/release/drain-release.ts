import type { DaemonContext } from '../context.ts';
import { acrossRestarts } from '../engine/index.ts';
import { engineOf } from '../environment/index.ts';
import { drainOut } from '../proxy/index.ts';
import { listReleaseContainers, serverName, stopContainers } from './app-containers.ts';
import type { ReleaseUnit } from './release-units.ts';
import { siteId } from './site.ts';

const drains = new Set<Promise<void>>();

/** Lets the connections of what was replaced end, at most for its drain time, then stops it; in the background. */
export function drainUnits(daemon: DaemonContext, units: readonly ReleaseUnit[]): void {
  for (const unit of units) {
    const drain = acrossRestarts(engineOf(daemon, unit.release), () => drainNow(daemon, unit)).catch((error: unknown) => daemon.log.error(`release #${unit.release.number} of ${siteId(unit.release)} could not be stopped`, error));
    drains.add(drain);
    void drain.finally(() => drains.delete(drain));
  }
}

/** Resolves when no drain is under way. */
export async function drainsEnded(): Promise<void> {
  while (drains.size > 0) await Promise.all(drains);
}

async function drainNow(daemon: DaemonContext, { release, snapshot }: ReleaseUnit): Promise<void> {
  const containers = await listReleaseContainers(daemon, release);
  const servers = containers.filter((container) => container.process === 'web').map(serverName);
  const id = siteId(release);
  // An app that no release has any more is no longer in the proxy either.
  if (servers.length > 0 && daemon.proxy.state().sites.some((site) => site.id === id)) await drainOut(daemon.proxy, { siteId: id, names: servers, drainMs: snapshot.drainMs, clock: daemon.clock });
  await stopContainers(containers, snapshot);
}

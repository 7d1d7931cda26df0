import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { acrossRestarts } from '../engine/index.ts';
import { engineOf } from '../environment/index.ts';
import { getRelease, setReleaseState, type StoredRelease } from '../store/index.ts';
import { listReleaseContainers, serverName, startProcess, stopUnits } from './app-containers.ts';
import { reconcileProxy } from './reconcile-proxy.ts';
import { openUnits } from './release-units.ts';
import { siteId } from './site.ts';

/**
 * Ends a release that will not go live: the version before it has all the traffic (and, after the switch, its stopped
 * processes) again, the new containers are gone. The state says `failed` before the switch and `reverted` after it.
 */
export async function abandonRelease(daemon: DaemonContext, release: StoredRelease, error: RedControlError, say: (text: string) => void): Promise<void> {
  const current = getRelease(daemon.store, release.id);
  if (!current || !isOpen(current)) return;
  const switched = current.state === 'switching' || current.state === 'watching';
  const previous = current.previous === null ? undefined : getRelease(daemon.store, current.previous);
  if (switched && previous) {
    for (const { release: unit, snapshot } of openUnits(daemon, previous)) {
      for (const process of snapshot.processes) await acrossRestarts(engineOf(daemon, previous), () => startProcess(daemon, unit, snapshot, process));
    }
  }
  failRelease(daemon, current, switched ? 'reverted' : 'failed', error);
  await acrossRestarts(engineOf(daemon, current), () => takeAway(daemon, current));
  if (previous) say(`Release #${previous.number} serves${switched ? ' again' : ' on'}.`);
}

/** The traffic goes first, then the containers. */
async function takeAway(daemon: DaemonContext, release: StoredRelease): Promise<void> {
  await reconcileProxy(daemon);
  const started = openUnits(daemon, release).filter(({ isCarried }) => !isCarried);
  for (const { release: unit } of started) {
    const containers = await listReleaseContainers(daemon, unit);
    await daemon.proxy.removeServers(siteId(unit), containers.filter((container) => container.process === 'web').map(serverName)).catch(() => {});
  }
  await stopUnits(daemon, started);
}

function isOpen(release: StoredRelease): boolean {
  return release.state === 'migrating' || release.state === 'starting' || release.state === 'switching' || release.state === 'watching';
}

function failRelease(daemon: DaemonContext, release: StoredRelease, state: 'failed' | 'reverted', error: RedControlError): void {
  daemon.store.transition(`release.${state}`, () => {
    setReleaseState(daemon.store, release, state, { at: daemon.clock.now(), error: error.toJSON() });
    daemon.events.add({
      at: daemon.clock.now(), kind: `release.${state}`, project: release.project, environment: release.environment, runId: release.runId,
      text: `release #${release.number} of ${release.environment} ${state}: ${error.message}`, data: { release: release.number, error: error.toJSON() },
    });
  });
  daemon.events.flush();
}

import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { inspectContainer } from '../engine/index.ts';
import { switchTraffic } from '../proxy/index.ts';
import { getRelease, setLive, setReleaseState, type StoredRelease } from '../store/index.ts';
import { appState } from './app-state.ts';
import { listReleaseContainers, siteServers, startProcess, stopContainers } from './app-containers.ts';
import type { DeployOptions } from './deploy.ts';
import { drainRelease } from './drain-release.ts';
import { waitReady } from './health.ts';
import type { ReleaseSnapshot } from './release-snapshot.ts';
import { openSnapshot } from './sealed-snapshot.ts';
import { siteId } from './site.ts';
import { assertEngineStayed, assertImage, watchRelease, withLastLines } from './watch-release.ts';

/** From migrated to live: start, prove, switch, watch. Throws what stopped it; the caller brings the old version back. */
export async function bringOver(daemon: DaemonContext, release: StoredRelease, snapshot: ReleaseSnapshot, options: Pick<DeployOptions, 'say' | 'signal'>): Promise<void> {
  const previous = release.previous === null ? undefined : getRelease(daemon.store, release.previous);
  move(daemon, release, 'starting');
  const startFirst = snapshot.processes.filter((process) => process.handover === 'start-first');
  for (const process of startFirst) await startProcess(daemon, release, snapshot, process);
  await proveReady(daemon, release, snapshot, options);

  move(daemon, release, 'switching');
  await switchTraffic(daemon.proxy, { siteId: siteId(release), newServers: siteServers(await listReleaseContainers(daemon, release), snapshot) });
  options.say('Traffic goes to the new version.');

  move(daemon, release, 'watching');
  await handOverWorkers(daemon, release, snapshot, previous);
  await watchRelease(daemon, release, snapshot, { watchMs: snapshot.watchMs, signal: options.signal });

  daemon.store.transition('release.live', () => {
    setLive(daemon.store, release, daemon.clock.now());
    const kind = release.rollbackOf === null ? 'release.live' : 'release.rolled-back';
    daemon.events.add({
      at: daemon.clock.now(), kind, project: release.project, environment: release.environment, runId: release.runId,
      text: `release #${release.number} of ${release.environment} is live (${release.ref} ${release.commit.slice(0, 8)})`,
      data: { release: release.number, commit: release.commit, ref: release.ref, author: release.author, message: release.message },
    });
  });
  daemon.events.flush();
  options.say(`Release #${release.number} is live.`);
  if (previous) drainRelease(daemon, previous, openSnapshot(daemon, previous));
}

function move(daemon: DaemonContext, release: StoredRelease, state: 'starting' | 'switching' | 'watching'): void {
  daemon.store.transition(`release.${state}`, () => setReleaseState(daemon.store, release, state, { at: daemon.clock.now() }));
}

/** Every web container of the release answers its health path and runs the image that was asked for. */
async function proveReady(daemon: DaemonContext, release: StoredRelease, snapshot: ReleaseSnapshot, options: Pick<DeployOptions, 'say' | 'signal'>): Promise<void> {
  const containers = (await listReleaseContainers(daemon, release)).filter((container) => container.process === 'web');
  const expected = snapshot.processes.find((process) => process.name === 'web')?.instances ?? 0;
  if (containers.length !== expected) throw new RedControlError('RELEASE_CRASHED', `Expected ${expected} web containers, got ${containers.length}`);
  await Promise.all(
    containers.map(async (container) => {
      assertImage(container, release);
      const before = (await inspectContainer(container.engine, container.id))?.startedAt;
      const isAlive = async () => {
        const now = await appState(container);
        assertEngineStayed(container, { before, now });
        return now?.running === true && now.restartCount === 0;
      };
      try {
        await waitReady({ address: container.address, port: snapshot.port, ...snapshot.health, signal: options.signal, isAlive });
      } catch (error) {
        options.signal.throwIfAborted();
        throw await withLastLines(daemon, container, error);
      }
    }),
  );
  options.say(`${containers.length} of ${expected} answer ${snapshot.health.path} on port ${snapshot.port}.`);
}

/** Processes that must never run in two versions: the old are stopped with their own time, then the new are started. */
async function handOverWorkers(daemon: DaemonContext, release: StoredRelease, snapshot: ReleaseSnapshot, previous: StoredRelease | undefined): Promise<void> {
  const workers = snapshot.processes.filter((process) => process.handover === 'stop-first');
  if (previous) {
    const names = new Set(workers.map((process) => process.name));
    const old = await listReleaseContainers(daemon, previous);
    const known = new Set(snapshot.processes.map((process) => process.name));
    await stopContainers(old.filter((container) => container.process !== 'web' && (names.has(container.process) || !known.has(container.process))), openSnapshot(daemon, previous));
  }
  for (const process of workers) await startProcess(daemon, release, snapshot, process);
}

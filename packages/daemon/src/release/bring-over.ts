import type { EnvironmentConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { environmentUrl } from '../projects/environment-url.ts';
import { switchTraffic, type Site } from '../proxy/index.ts';
import { getProject, getRelease, setLive, setReleaseState, type StoredRelease } from '../store/index.ts';
import { addNewAssets } from './add-new-assets.ts';
import { keepAssets } from './keep-assets.ts';
import { listReleaseContainers, siteServers, startProcess, stopContainers } from './app-containers.ts';
import type { DeployOptions } from './deploy.ts';
import { drainUnits } from './drain-release.ts';
import { withLock } from './environment-lock.ts';
import { environmentSite, isSiteOf } from './environment-sites.ts';
import { proveReady } from './prove-ready.ts';
import type { ReleaseProcess } from './release-snapshot.ts';
import { openUnits, unitsBeyond, type ReleaseUnit } from './release-units.ts';
import { watchRelease } from './watch-release.ts';

/** From migrated to live: start, prove, switch, watch. Throws what stopped it; the caller brings the old version back. */
export async function bringOver(daemon: DaemonContext, release: StoredRelease, options: Pick<DeployOptions, 'say' | 'signal'> & { settings: EnvironmentConfig }): Promise<void> {
  const previous = release.previous === null ? undefined : getRelease(daemon.store, release.previous);
  const units = openUnits(daemon, release);
  const started = units.filter(({ isCarried }) => !isCarried);
  const left = previous ? unitsBeyond(openUnits(daemon, previous), units) : [];
  move(daemon, release, 'starting');
  for (const unit of started) await keepAssets(daemon, unit, options.say);
  for (const unit of started) {
    for (const process of startFirst(unit)) await startProcess(daemon, unit.release, unit.snapshot, process);
  }
  // One app that does not get ready keeps all of them from being switched.
  await Promise.all(started.flatMap((unit) => startFirst(unit).map((process) => proveReady(daemon, { ...unit, process }, options))));
  await addNewAssets(daemon, { started, left });

  move(daemon, release, 'switching');
  // Whoever brings the proxy to what the store says must find the state that belongs to the traffic.
  await withLock('proxy', async () => {
    await switchTraffic(daemon.proxy, { owns: (id) => isSiteOf(release, id), sites: await newSites(daemon, units, options.settings) });
    move(daemon, release, 'watching');
  });
  options.say('Traffic goes to the new version.');

  await handOverWorkers(daemon, { started, left }, options);
  await Promise.all(started.map((unit) => watchRelease(daemon, unit.release, unit.snapshot, { watchMs: unit.snapshot.watchMs, signal: options.signal })));

  daemon.store.transition('release.live', () => {
    setLive(daemon.store, release, daemon.clock.now());
    const kind = release.rollbackOf === null ? 'release.live' : 'release.rolled-back';
    daemon.events.add({
      at: daemon.clock.now(), kind, project: release.project, environment: release.environment, runId: release.runId,
      text: `release #${release.number} of ${release.environment} is live (${release.ref} ${release.commit.slice(0, 8)})`,
      data: { release: release.number, commit: release.commit, ref: release.ref, author: release.author, message: release.message, url: urlOf(daemon, release) },
    });
  });
  daemon.events.flush();
  options.say(`Release #${release.number} is live.`);
  drainUnits(daemon, left);
}

/** What has to answer before anything of the old version goes. */
function startFirst({ snapshot }: ReleaseUnit): ReleaseProcess[] {
  return snapshot.processes.filter((process) => process.handover === 'start-first');
}

/** One site for each app that answers to people; those that run on keep their servers. */
async function newSites(daemon: DaemonContext, units: readonly ReleaseUnit[], settings: EnvironmentConfig): Promise<Site[]> {
  const served = units.filter(({ snapshot }) => snapshot.processes.some(({ name }) => name === 'web'));
  const [first] = units;
  // Nothing answers then, and the proxy says so.
  if (served.length === 0 && first) return [environmentSite(daemon, { project: first.release.project, environment: first.release.environment }, { settings, route: undefined, servers: [] })];
  return Promise.all(served.map(async ({ release, snapshot }) => environmentSite(daemon, release, { settings, route: snapshot.route, servers: siteServers(await listReleaseContainers(daemon, release), snapshot) })));
}

/** Left out of what is told where the environment is gone. */
function urlOf(daemon: DaemonContext, { project, environment }: StoredRelease): string | undefined {
  const stored = getProject(daemon.store, project);
  return stored && environmentUrl(daemon, stored, environment);
}

function move(daemon: DaemonContext, release: StoredRelease, state: 'starting' | 'switching' | 'watching'): void {
  daemon.store.transition(`release.${state}`, () => setReleaseState(daemon.store, release, state, { at: daemon.clock.now() }));
}

/** Processes that must never run in two versions: the old are stopped with their own time, then the new are started. */
async function handOverWorkers(daemon: DaemonContext, { started, left }: { started: readonly ReleaseUnit[]; left: readonly ReleaseUnit[] }, options: Pick<DeployOptions, 'say' | 'signal'>): Promise<void> {
  for (const old of left) {
    const next = started.find(({ release }) => release.app === old.release.app)?.snapshot.processes ?? [];
    // A worker that starts first goes with the old version's last connections.
    const stays = new Set(next.filter((process) => process.handover === 'start-first').map((process) => process.name));
    const containers = await listReleaseContainers(daemon, old.release);
    await stopContainers(containers.filter((container) => container.process !== 'web' && !stays.has(container.process)), old.snapshot);
  }
  for (const { release, snapshot } of started) {
    const workers = snapshot.processes.filter((process) => process.handover === 'stop-first');
    for (const process of workers) {
      await startProcess(daemon, release, snapshot, process);
      await proveReady(daemon, { release, snapshot, process }, options);
    }
  }
}

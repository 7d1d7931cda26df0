import { asRedControlError, RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { listContainers, removeContainer, type Engine } from '../engine/index.ts';
import { allEngines } from '../environment/index.ts';
import { getRelease, listOpenReleases, listProjects, liveRelease, setLive, type StoredRelease } from '../store/index.ts';
import { abandonRelease } from './abandon-release.ts';
import { instanceNames, startProcess } from './app-containers.ts';
import { drainUnits } from './drain-release.ts';
import { reconcileProxy } from './reconcile-proxy.ts';
import { openUnits, unitsBeyond } from './release-units.ts';
import { watchRelease } from './watch-release.ts';

/** The daemon is not kept from its other work for longer at its start. */
const longestWatchMs = 10_000;

/**
 * After a start: every release that was in the middle gets a true end, live versions run and have the traffic, and what
 * no release needs is gone. A release that was already switched to and stands is completed; any other is taken back.
 */
export async function recoverReleases(daemon: DaemonContext): Promise<void> {
  await startLiveReleases(daemon);
  for (const release of listOpenReleases(daemon.store)) {
    const problem = await problemOf(daemon, release);
    if (problem) await abandonRelease(daemon, release, problem, daemon.log.info);
    else await complete(daemon, release);
  }
  await reconcileProxy(daemon);
  await drainLeftReleases(daemon);
}

/** Live versions are brought up again: the engine restarts its containers after a reboot, here is seen to it. */
async function startLiveReleases(daemon: DaemonContext): Promise<void> {
  const running = await namesOfRunning(daemon);
  for (const project of listProjects(daemon.store)) {
    for (const environment of Object.keys(project.config.environments)) {
      const live = liveRelease(daemon.store, project.name, environment);
      if (!live) continue;
      for (const { release, snapshot, process } of openUnits(daemon, live).flatMap((unit) => unit.snapshot.processes.map((one) => ({ ...unit, process: one })))) {
        if (instanceNames(daemon, release, process).every((name) => running.has(name))) continue;
        await startProcess(daemon, release, snapshot, process).catch((error: unknown) => daemon.log.error(`${process.name} of ${project.name}/${environment} could not be started`, asRedControlError(error)));
      }
    }
  }
}

/** One list for each engine: mostly everything runs, and nothing has to be asked for one by one. */
async function namesOfRunning(daemon: DaemonContext): Promise<Set<string>> {
  const lists = await Promise.all(allEngines(daemon).map((engine) => listContainers(engine).catch(() => [])));
  return new Set(lists.flat().filter(({ running }) => running).map(({ name }) => name));
}

/** What keeps an interrupted release from being completed; only one that has the traffic and stays up has nothing. */
async function problemOf(daemon: DaemonContext, release: StoredRelease): Promise<RedControlError | undefined> {
  if (release.state !== 'watching') return new RedControlError('INTERRUPTED', `Expected release #${release.number} to go on, the daemon was stopped while it was ${release.state}`, { hint: 'The run begins again by itself.' });
  try {
    const started = openUnits(daemon, release).filter(({ isCarried }) => !isCarried);
    for (const unit of started) for (const process of unit.snapshot.processes) await startProcess(daemon, unit.release, unit.snapshot, process);
    await Promise.all(started.map((unit) => watchRelease(daemon, unit.release, unit.snapshot, { watchMs: Math.min(unit.snapshot.watchMs, longestWatchMs) })));
    return undefined;
  } catch (thrown) {
    return asRedControlError(thrown);
  }
}

async function complete(daemon: DaemonContext, release: StoredRelease): Promise<void> {
  daemon.store.transition('release.live', () => {
    setLive(daemon.store, release, daemon.clock.now());
    daemon.events.add({
      at: daemon.clock.now(), kind: 'release.live', project: release.project, environment: release.environment, runId: release.runId,
      text: `release #${release.number} of ${release.environment} is live`, data: { release: release.number, commit: release.commit },
    });
  });
  daemon.events.flush();
}

/** Containers of releases that are over, and migrations nobody waits for, go; with their connections drained first. */
async function drainLeftReleases(daemon: DaemonContext): Promise<void> {
  const ids = new Set<number>();
  for (const engine of allEngines(daemon)) {
    // A machine that does not run has nothing left over: its containers are looked at when it is up again.
    await collectReleases(engine, ids).catch((error: unknown) => daemon.log.error(`${engine.name} could not be looked at`, asRedControlError(error)));
  }
  for (const id of ids) {
    const release = getRelease(daemon.store, id);
    if (!release) continue;
    const live = liveRelease(daemon.store, release.project, release.environment);
    const started = openUnits(daemon, release).filter(({ isCarried }) => !isCarried);
    drainUnits(daemon, unitsBeyond(started, live ? openUnits(daemon, live) : []));
  }
}

async function collectReleases(engine: Engine, ids: Set<number>): Promise<void> {
  for (const container of await listContainers(engine, { role: 'migration' })) await removeContainer(engine, container.id);
  for (const role of ['web', 'process'] as const) {
    for (const { labels } of await listContainers(engine, { role })) {
      const id = Number(labels['redcontrol.release']);
      if (!Number.isNaN(id)) ids.add(id);
    }
  }
}

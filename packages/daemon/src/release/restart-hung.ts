import type { DaemonContext } from '../context.ts';
import { acrossRestarts, removeContainer, stopContainer } from '../engine/index.ts';
import { liveRelease, type StoredRelease } from '../store/index.ts';
import { listReleaseContainers, serverName, startProcess, type AppContainer } from './app-containers.ts';
import { withLock } from './environment-lock.ts';
import { answersNow, waitReady } from './health.ts';
import type { HangWatch } from './hang-watch.ts';
import { reconcileProxy } from './reconcile-proxy.ts';
import type { LiveContainers, LiveUnit } from './live-containers.ts';
import { healthOf } from './release-snapshot.ts';
import { openUnits, processLabel, unitKey, type UnitRelease } from './release-units.ts';
import { siteId } from './site.ts';

/**
 * Looks which containers of a live release run and do not answer: of several web instances those that HAProxy has taken out, of
 * other processes with a health path each that is silent. One that stays so is started anew, in the background, and told once.
 */
export async function restartHung(daemon: DaemonContext, live: Pick<LiveContainers, 'release' | 'units'>, watch: HangWatch): Promise<void> {
  for (const unit of live.units) {
    await judge(daemon, { live, unit, process: 'web', watch, answering: (instances) => answeringWeb(daemon, unit.release, instances) });
    for (const { name, health } of unit.checked) await judge(daemon, { live, unit, process: name, watch, answering: (instances) => answeringOthers(health, instances) });
  }
}

interface Judged {
  live: Pick<LiveContainers, 'release'>;
  unit: LiveUnit;
  process: string;
  watch: HangWatch;
  /** Ids of instances that answer; undefined where nobody can tell. */
  answering(instances: readonly AppContainer[]): Promise<Set<string> | undefined>;
}

async function judge(daemon: DaemonContext, { live, unit, process, watch, answering }: Judged): Promise<void> {
  const instances = unit.containers.filter((container) => container.process === process && container.running);
  const ids = instances.length === 0 ? undefined : await answering(instances);
  if (!ids) return;
  for (const container of instances) {
    const hasOthers = process !== 'web' || instances.some((one) => one !== container && ids.has(one.id));
    const isHung = watch.see(container.id, { process: `${siteId(unit.release)}/${process}`, answers: ids.has(container.id), hasOthers, now: daemon.clock.now() });
    if (isHung) void startAnew(daemon, { live: live.release, unit, container }).catch((error: unknown) => daemon.log.error(`${container.name} hangs and could not be started anew`, error));
  }
}

/** HAProxy asks web instances where there are several. */
async function answeringWeb(daemon: DaemonContext, release: UnitRelease, instances: readonly AppContainer[]): Promise<Set<string> | undefined> {
  if (instances.length < 2) return undefined;
  const seen = await daemon.proxy.observe(siteId(release));
  return new Set(instances.filter((container) => seen.find(({ name }) => name === serverName(container))?.state !== 'down').map(({ id }) => id));
}

async function answeringOthers(health: LiveUnit['checked'][number]['health'], instances: readonly AppContainer[]): Promise<Set<string>> {
  const asked = await Promise.all(instances.map(async (container) => ((await answersNow({ ...health, address: container.address })) ? [container.id] : [])));
  return new Set(asked.flat());
}

async function startAnew(daemon: DaemonContext, { live, unit: { release }, container: { id, engine, process: name, name: container } }: { live: StoredRelease; unit: Pick<LiveUnit, 'release'>; container: AppContainer }): Promise<void> {
  await withLock(`${live.project}/${live.environment}`, async () => {
    const now = liveRelease(daemon.store, live.project, live.environment);
    const unit = now && openUnits(daemon, now).find((one) => unitKey(one.release) === unitKey(release));
    const process = unit?.snapshot.processes.find((one) => one.name === name);
    if (!unit || !process || !(await listReleaseContainers(daemon, release)).some((one) => one.id === id)) return;
    tell(daemon, live, { process: processLabel(release, name), container });
    await acrossRestarts(engine, async () => {
      await stopContainer(engine, id, { timeoutMs: process.stopMs, signal: process.stopSignal });
      await removeContainer(engine, id);
      await startProcess(daemon, release, unit.snapshot, process);
    });
    const again = (await listReleaseContainers(daemon, release)).find((one) => one.name === container);
    const health = healthOf(unit.snapshot, process);
    if (again && health) await waitReady({ address: again.address, ...health, isAlive: async () => true }).catch((error: unknown) => daemon.log.error(`${container} does not answer after it was started anew`, error));
    await reconcileProxy(daemon);
  });
}

function tell(daemon: DaemonContext, live: StoredRelease, { process, container }: { process: string; container: string }): void {
  const instance = container.slice(container.lastIndexOf('--') + 2);
  daemon.store.transaction(() => daemon.events.add({
    at: daemon.clock.now(), kind: 'process.hung', project: live.project, environment: live.environment, runId: null,
    text: `${process} of ${live.environment} ran and did not answer: ${instance} is started anew`, data: { process, release: live.number, instance },
  }));
  daemon.events.flush();
}

import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { removeContainer, stopContainer } from '../engine/index.ts';
import {
  healthOf, listReleaseContainers, openSnapshot, processLabel, reconcileProxy, sealSnapshot, serverName, siteId, startedProcess, startProcess, stopContainers, waitReady, withLock, withUnits,
  type AppContainer, type ReleaseProcess, type ReleaseSnapshot, type ReleaseUnit,
} from '../release/index.ts';
import { setReleaseSnapshot } from '../store/index.ts';
import { assertProcess, instanceOf, liveApp, liveContainers, type AppOwner, type LiveApp, type LiveContainer } from './live-app.ts';

export interface ChangeOptions extends AppOwner {
  /** Left out: all processes. */
  process?: string | undefined;
}

/** Starts every container anew, one after the other; the proxy leaves out the one that is not there. Throws RELEASE_NOT_READY when an instance does not answer its health path again. */
export function restartApp(daemon: DaemonContext, options: ChangeOptions, signal: AbortSignal): Promise<void> {
  return changing(daemon, options, async (live) => {
    for (const container of await liveContainers(daemon, live, options.process)) await restartContainer(daemon, container, signal);
  });
}

/** Stops processes until they are started again, or the next release. Their number is kept. */
export function stopApp(daemon: DaemonContext, options: ChangeOptions): Promise<void> {
  return changing(daemon, options, async (live) => {
    assertProcess(live, options.process);
    await settle(daemon, live, changed(live, options.process, (process) => (process.stoppedInstances === undefined ? { ...process, instances: 0, stoppedInstances: process.instances } : process)));
  });
}

export function startApp(daemon: DaemonContext, options: ChangeOptions): Promise<void> {
  return changing(daemon, options, async (live) => {
    assertProcess(live, options.process);
    await settle(daemon, live, changed(live, options.process, startedProcess));
  });
}

/** Another number of instances, until the next release takes that of the configuration. */
export function scaleApp(daemon: DaemonContext, options: AppOwner & { process: string; instances: number }): Promise<void> {
  return changing(daemon, options, async (live) => {
    assertProcess(live, options.process);
    await settle(daemon, live, changed(live, options.process, ({ stoppedInstances: _stopped, ...process }) => ({ ...process, instances: options.instances })));
  });
}

/** Never while a release is under way: it would change what that counts on. */
function changing(daemon: DaemonContext, owner: AppOwner, change: (live: LiveApp) => Promise<void>): Promise<void> {
  return withLock(`${owner.project}/${owner.environment}`, () => change(liveApp(daemon, owner)));
}

function changed({ units }: LiveApp, process: string | undefined, change: (process: ReleaseProcess) => ReleaseProcess): ReleaseUnit[] {
  return units.map(({ release, snapshot, isCarried }) => ({
    release, isCarried, snapshot: { ...snapshot, processes: snapshot.processes.map((one) => (process === undefined || processLabel(release, one.name) === process ? change(one) : one)) },
  }));
}

/** First what is wanted is stored, so that a daemon that dies here brings it about at its next start; then it is done. */
async function settle(daemon: DaemonContext, { release }: LiveApp, wanted: readonly ReleaseUnit[]): Promise<void> {
  daemon.store.transaction(() => setReleaseSnapshot(daemon.store, release.id, sealSnapshot(daemon, release, withUnits(openSnapshot(daemon, release), wanted))));
  for (const unit of wanted) await settleUnit(daemon, unit);
  await reconcileProxy(daemon);
}

async function settleUnit(daemon: DaemonContext, { release, snapshot: wanted }: ReleaseUnit): Promise<void> {
  for (const process of wanted.processes) await startProcess(daemon, release, wanted, process);
  const containers = await listReleaseContainers(daemon, release);
  const surplus = containers.filter((container) => instanceOf(container) > (wanted.processes.find(({ name }) => name === container.process)?.instances ?? 0));
  for (const container of containers.filter((one) => !surplus.includes(one))) await waitUntilReady(wanted, container);
  await daemon.proxy.drainServers(siteId(release), surplus.filter(({ process }) => process === 'web').map(serverName)).catch(() => {});
  await stopContainers(surplus, wanted);
}

async function restartContainer(daemon: DaemonContext, container: LiveContainer, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { release, snapshot } = container.unit;
  const process = snapshot.processes.find(({ name }) => processLabel(release, name) === container.process);
  if (!process) return;
  const isOneOfSeveral = process.name === 'web' && process.instances > 1;
  if (isOneOfSeveral) await daemon.proxy.drainServers(siteId(release), [serverName(container)]);
  await stopContainer(container.engine, container.id, { timeoutMs: process.stopMs, signal: process.stopSignal });
  await removeContainer(container.engine, container.id);
  await startProcess(daemon, release, snapshot, process);
  const again = (await listReleaseContainers(daemon, release)).find(({ name }) => name === container.name);
  if (again) await waitUntilReady(snapshot, again, signal);
  await reconcileProxy(daemon);
}

async function waitUntilReady(snapshot: ReleaseSnapshot, container: AppContainer, signal?: AbortSignal): Promise<void> {
  const process = snapshot.processes.find(({ name }) => name === container.process);
  const health = process && healthOf(snapshot, process);
  if (!health) return;
  if (container.address === '') throw new RedControlError('RELEASE_NOT_READY', `Expected ${serverName(container)} to run, it has ended`);
  await waitReady({ address: container.address, ...health, signal, isAlive: async () => true });
}

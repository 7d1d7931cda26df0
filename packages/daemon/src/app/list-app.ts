import type { AppInstance, AppProcessState } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { containerStats, inspectContainer } from '../engine/index.ts';
import { crashSubject, processLabel, serverName, type AppContainer } from '../release/index.ts';
import { listTroubles } from '../store/index.ts';
import { instanceOf, liveApp, liveContainers, type AppOwner } from './live-app.ts';

/** Between two readings of the processor time, from which its share is told. */
const measureMs = 400;

/** The live release's processes with each container's state and use. Throws CONFLICT where nothing is live. */
export async function listApp(daemon: DaemonContext, owner: AppOwner): Promise<AppProcessState[]> {
  const live = liveApp(daemon, owner);
  const containers = await liveContainers(daemon, live);
  const instances = await Promise.all(containers.map((container) => instanceState(daemon, container, container.unit.release.number)));
  const troubles = listTroubles(daemon.store, owner.project, owner.environment);
  const processes = live.units.flatMap(({ release, snapshot }) => snapshot.processes.map((process) => ({ ...process, name: processLabel(release, process.name) })));
  return processes.map(({ name, command, instances: wanted, stoppedInstances }) => ({
    process: name, command: command ?? null, wanted, stopped: stoppedInstances !== undefined,
    crashLoopSince: troubles.find(({ subject }) => subject === crashSubject(name))?.since ?? null,
    instances: instances.filter((instance) => instance.process === name).sort((a, b) => a.instance - b.instance),
  }));
}

async function instanceState(daemon: DaemonContext, container: AppContainer, release: number): Promise<AppInstance> {
  const [now, use] = await Promise.all([inspectContainer(container.engine, container.id), container.running ? useOf(daemon, container) : undefined]);
  return {
    process: container.process, instance: instanceOf(container), name: serverName(container), release,
    state: now?.running ? 'running' : now?.restarting ? 'restarting' : 'exited',
    startedAt: now?.startedAt === undefined ? null : Date.parse(now.startedAt), restarts: now?.restartCount ?? 0,
    exitCode: now === undefined || (now.running && now.restartCount === 0) ? null : now.exitCode,
    memoryBytes: use?.memoryBytes ?? null, memoryLimitBytes: use?.memoryLimitBytes ?? null, cpus: use?.cpus ?? null, processCount: use?.processes ?? null,
  };
}

/** Undefined where the container ends meanwhile, or nobody can tell. */
async function useOf(daemon: DaemonContext, { engine, id }: AppContainer) {
  try {
    const first = await containerStats(engine, id);
    const startedAt = performance.now();
    await daemon.clock.sleep(measureMs);
    const second = await containerStats(engine, id);
    const share = (second.cpuNanoseconds - first.cpuNanoseconds) / ((performance.now() - startedAt) * 1e6);
    return { ...second, cpus: Math.max(0, Math.round(share * 1000) / 1000) };
  } catch {
    return undefined;
  }
}

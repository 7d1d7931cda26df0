import { RedControlError } from '@redcontrol/contract';
import type { ContainerStats as RawStats } from 'dockerode';
import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';
import { openGroup } from './group-reader.ts';

export interface ContainerStats {
  /** Without the page cache, which the kernel gives back when it is needed. */
  memoryBytes: number;
  /** The container's limit; where it has none, the machine's memory. */
  memoryLimitBytes: number;
  /** Processor time since the container's start; two readings and the time between them give the use. */
  cpuNanoseconds: number;
  processes: number;
  receivedBytes: number;
  sentBytes: number;
}

/**
 * One reading of a running container's use.
 * Throws NOT_FOUND when it is gone, CONFLICT when it does not run, COMMAND_FAILED when nobody can tell.
 */
export async function containerStats(engine: Engine, id: string): Promise<ContainerStats> {
  return askEngine(engine, `measure the container ${id}`, async () => {
    const container = engine.docker.getContainer(id);
    const raw = await container.stats({ stream: false, 'one-shot': true });
    if (raw.memory_stats?.usage !== undefined) return statsOf(raw);
    // Some kernels leave out a file that the engine's measuring insists on: it then gives nothing at all.
    const { State } = await container.inspect();
    if (!State.Running) throw new RedControlError('CONFLICT', `Expected the container ${id} to run, it does not`);
    const read = engine.name === 'host' ? openGroup(State.Pid)?.read() : undefined;
    if (!read) throw new RedControlError('COMMAND_FAILED', `Expected figures of the container ${id}, got none from the engine`);
    return read;
  });
}

function statsOf(raw: RawStats): ContainerStats {
  const memory = raw.memory_stats;
  // cgroup v1 tells the cache as total_inactive_file, v2 as inactive_file.
  const details = (memory.stats ?? {}) as unknown as Record<string, number>;
  const cache = details['total_inactive_file'] ?? details['inactive_file'] ?? 0;
  const networks = Object.values(raw.networks ?? {});
  return {
    memoryBytes: Math.max(0, memory.usage - cache),
    memoryLimitBytes: memory.limit,
    cpuNanoseconds: raw.cpu_stats.cpu_usage.total_usage,
    processes: raw.pids_stats?.current ?? 0,
    receivedBytes: networks.reduce((sum, network) => sum + network.rx_bytes, 0),
    sentBytes: networks.reduce((sum, network) => sum + network.tx_bytes, 0),
  };
}

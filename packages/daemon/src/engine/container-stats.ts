import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';

export interface ContainerStats {
  /** Without the page cache, which the kernel gives back when it is needed. */
  memoryBytes: number;
  /** The container's limit, or the machine's memory when it has none. */
  memoryLimitBytes: number;
  /** Processor time since the container's start; two readings and the time between them give the use. */
  cpuNanoseconds: number;
  processes: number;
  receivedBytes: number;
  sentBytes: number;
}

/** One reading of a running container's use. Throws NOT_FOUND when it is gone. */
export async function containerStats(engine: Engine, id: string): Promise<ContainerStats> {
  const raw = await askEngine(engine, `measure the container ${id}`, () =>
    engine.docker.getContainer(id).stats({ stream: false, 'one-shot': true }),
  );
  const memory = raw.memory_stats;
  // cgroup v1 tells the cache as total_inactive_file, v2 as inactive_file; absent when the container does not run.
  const details = (memory.stats ?? {}) as unknown as Record<string, number>;
  const cache = details['total_inactive_file'] ?? details['inactive_file'] ?? 0;
  const networks = Object.values(raw.networks ?? {});
  return {
    memoryBytes: Math.max(0, (memory.usage ?? 0) - cache),
    memoryLimitBytes: memory.limit ?? 0,
    cpuNanoseconds: raw.cpu_stats.cpu_usage.total_usage,
    processes: raw.pids_stats?.current ?? 0,
    receivedBytes: networks.reduce((sum, network) => sum + network.rx_bytes, 0),
    sentBytes: networks.reduce((sum, network) => sum + network.tx_bytes, 0),
  };
}

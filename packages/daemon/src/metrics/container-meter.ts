import { containerStats, openGroup, type ContainerStats, type GroupReader } from '../engine/index.ts';
import type { AppContainer } from '../release/index.ts';
import type { Use } from './metric-store.ts';

/** A container of an environment. */
export interface OwnedContainer {
  project: string;
  environment: string;
  kind: 'process' | 'database';
  /** Of the process, as people name it, or of the database. */
  name: string;
  container: AppContainer;
}

/** What it took: between two readings, and in all since it was started. */
export interface ContainerUse extends OwnedContainer {
  use: Use;
  total: ContainerStats;
}

interface Known {
  /** Left out where the container is in a virtual machine, whose engine is asked. */
  group?: GroupReader;
  last?: { stats: ContainerStats; atMs: number };
}

/** Reads containers again and again, and tells what they took since the reading before. */
export interface ContainerMeter {
  read(containers: readonly OwnedContainer[]): Promise<ContainerUse[]>;
}

export function createContainerMeter(): ContainerMeter {
  let known = new Map<string, Known>();
  return {
    async read(containers) {
      const next = new Map<string, Known>();
      const read = await Promise.all(containers.filter(({ container }) => container.running).map(async (owned) => {
        const { container } = owned;
        const key = `${container.id} ${container.pid}`;
        const state = known.get(key) ?? begin(container);
        next.set(key, state);
        const stats = state.group ? state.group.read() : await containerStats(container.engine, container.id).catch(() => undefined);
        if (!stats) return [];
        const atMs = performance.now();
        const use = useSince(stats, { last: state.last, atMs });
        state.last = { stats, atMs };
        return [{ ...owned, use, total: stats }];
      }));
      known = next;
      return read.flat();
    },
  };
}

function begin({ engine, pid }: AppContainer): Known {
  const group = engine.name === 'host' ? openGroup(pid) : undefined;
  return group ? { group } : {};
}

function useSince(stats: ContainerStats, { last, atMs }: { last: Known['last']; atMs: number }): Use {
  const since = (now: number, before: number | undefined) => Math.max(0, now - (before ?? now));
  return {
    cpus: last ? since(stats.cpuNanoseconds, last.stats.cpuNanoseconds) / ((atMs - last.atMs) * 1e6) : null,
    memoryBytes: stats.memoryBytes, memoryLimitBytes: stats.memoryLimitBytes,
    receivedBytes: since(stats.receivedBytes, last?.stats.receivedBytes), sentBytes: since(stats.sentBytes, last?.stats.sentBytes),
  };
}

/** All instances of a process as one: processors and network together, memory of the one that is nearest its limit. */
export function togetherUse(uses: readonly Use[]): Use | undefined {
  const nearest = uses.toSorted((a, b) => b.memoryBytes / (b.memoryLimitBytes ?? Infinity) - a.memoryBytes / (a.memoryLimitBytes ?? Infinity))[0];
  if (!nearest) return undefined;
  const measured = uses.flatMap(({ cpus }) => cpus ?? []);
  return {
    ...nearest,
    cpus: measured.length === 0 ? null : measured.reduce((sum, cpus) => sum + cpus, 0),
    receivedBytes: uses.reduce((sum, use) => sum + use.receivedBytes, 0),
    sentBytes: uses.reduce((sum, use) => sum + use.sentBytes, 0),
  };
}

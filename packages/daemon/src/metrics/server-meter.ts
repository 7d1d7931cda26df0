import { readFileSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import type { Fill, Use } from './metric-store.ts';

/** proc_stat(5) counts in these. */
const ticksPerSecond = 100;

/** Reads what the whole server takes, and the daemon itself. */
export interface ServerMeter {
  read(): { server: Use; daemon: Use };
  /** Each of these folders' disks once, under the name of the first folder on it. */
  disks(folders: readonly string[]): Promise<{ folder: string; fill: Fill }[]>;
}

export function createServerMeter(): ServerMeter {
  let last: { serverSeconds: number; daemonSeconds: number; atMs: number } | undefined;
  return {
    read() {
      const { user, system } = process.cpuUsage();
      const now = { serverSeconds: busySeconds(readFileSync('/proc/stat', 'utf8')), daemonSeconds: (user + system) / 1e6, atMs: performance.now() };
      const cpus = (which: 'serverSeconds' | 'daemonSeconds') => (last ? (now[which] - last[which]) / ((now.atMs - last.atMs) / 1000) : null);
      const common = { receivedBytes: 0, sentBytes: 0 };
      const read = {
        server: { ...common, cpus: cpus('serverSeconds'), memoryBytes: totalmem() - availableBytes(readFileSync('/proc/meminfo', 'utf8')), memoryLimitBytes: totalmem() },
        daemon: { ...common, cpus: cpus('daemonSeconds'), memoryBytes: process.memoryUsage.rss(), memoryLimitBytes: null },
      };
      last = now;
      return read;
    },
    async disks(folders) {
      const found = new Map<number, { folder: string; fill: Fill }>();
      for (const folder of folders) {
        try {
          const { dev } = await stat(folder);
          const { blocks, bfree, bavail, bsize } = await statfs(folder);
          const usedBytes = (blocks - bfree) * bsize;
          // What is kept for root counts as neither used nor free, as df(1) tells it.
          if (!found.has(dev)) found.set(dev, { folder, fill: { usedBytes, totalBytes: usedBytes + bavail * bsize } });
        } catch {
          // A folder that is not there has no disk.
        }
      }
      return [...found.values()];
    },
  };
}

/** All time of all processors but idle and waiting for a disk: fields user, nice, system, irq, softirq, steal of proc_stat(5). */
function busySeconds(text: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (/^cpu +(.*)$/m.exec(text)?.[1] ?? '').split(' ').map(Number);
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

function availableBytes(text: string): number {
  return Number(/^MemAvailable: +(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GroupFiles } from './build-groups.ts';

export interface GroupLimits {
  memoryBytes?: number;
  /** Weight against containers, which have 1024 unless told otherwise: a lower number yields to them. */
  cpuShares?: number;
  /** Upper limit, in processors. */
  cpus?: number;
  pids?: number;
}

/** Writes limits into a cgroup's files. What the kernel refuses is told in `failed`, the rest is in force. */
export async function writeGroupLimits(files: GroupFiles, limits: GroupLimits): Promise<{ set: string[]; failed: string[] }> {
  const set: string[] = [];
  const failed: string[] = [];
  for (const { what, path, value } of writesOf(files, limits)) {
    try {
      await writeFile(path, value, { flag: 'r+' });
      set.push(what);
    } catch (error) {
      failed.push(`${what}: ${(error as Error).message}`);
    }
  }
  return { set, failed };
}

interface GroupWrite {
  what: string;
  path: string;
  value: string;
}

const periodMicroseconds = 100_000;

/** Pure: which file gets which value. */
export function writesOf(files: GroupFiles, limits: GroupLimits): GroupWrite[] {
  const writes: GroupWrite[] = [];
  const add = (what: string, path: string, value: string | number) => writes.push({ what, path, value: String(value) });
  const { memoryBytes, cpuShares, cpus, pids } = limits;
  if (files.version === 1) {
    if (memoryBytes !== undefined) add(`memory ${memoryBytes} bytes`, join(files.memory, 'memory.limit_in_bytes'), memoryBytes);
    if (cpuShares !== undefined) add(`CPU shares ${cpuShares}`, join(files.cpu, 'cpu.shares'), cpuShares);
    if (cpus !== undefined) {
      add('CPU period', join(files.cpu, 'cpu.cfs_period_us'), periodMicroseconds);
      add(`CPUs ${cpus}`, join(files.cpu, 'cpu.cfs_quota_us'), Math.round(cpus * periodMicroseconds));
    }
    if (pids !== undefined) add(`processes ${pids}`, join(files.pids, 'pids.max'), pids);
    return writes;
  }
  if (memoryBytes !== undefined) add(`memory ${memoryBytes} bytes`, join(files.folder, 'memory.max'), memoryBytes);
  if (cpuShares !== undefined) add(`CPU weight for ${cpuShares} shares`, join(files.folder, 'cpu.weight'), weightOfShares(cpuShares));
  if (cpus !== undefined) add(`CPUs ${cpus}`, join(files.folder, 'cpu.max'), `${Math.round(cpus * periodMicroseconds)} ${periodMicroseconds}`);
  if (pids !== undefined) add(`processes ${pids}`, join(files.folder, 'pids.max'), pids);
  return writes;
}

/** runc's conversion of shares (2…262144) to a cgroup v2 weight (1…10000). */
function weightOfShares(shares: number): number {
  return 1 + Math.floor(((shares - 2) * 9999) / 262142);
}

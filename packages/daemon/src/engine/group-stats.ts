import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { ContainerStats } from './container-stats.ts';

const root = '/sys/fs/cgroup';

/**
 * What the kernel says of the cgroup that a process of this machine is in, and of its network.
 * Undefined when the process is gone or its cgroup cannot be read.
 */
export async function groupStats(pid: number): Promise<ContainerStats | undefined> {
  try {
    const groups = groupsOf(await readFile(`/proc/${pid}/cgroup`, 'utf8'));
    const figures = groups['memory'] === undefined ? await version2(groups[''] ?? '/') : await version1(groups);
    return { ...figures, ...networkBytes(await readFile(`/proc/${pid}/net/dev`, 'utf8')) };
  } catch {
    return undefined;
  }
}

/** Lines `number:controllers:path` of /proc/PID/cgroup; v2 has no controllers in it. See cgroups(7). */
function groupsOf(text: string): Record<string, string> {
  const groups: Record<string, string> = {};
  for (const line of text.trim().split('\n')) {
    const [, controllers = '', ...path] = line.split(':');
    for (const controller of controllers.split(',')) groups[controller] = path.join(':');
  }
  return groups;
}

async function version1(groups: Record<string, string>) {
  const read = (controller: string, file: string) => readFile(join(root, controller, groups[controller] ?? '/', file), 'utf8');
  const [usage, limit, details, cpu, processes] = await Promise.all([
    read('memory', 'memory.usage_in_bytes'), read('memory', 'memory.limit_in_bytes'), read('memory', 'memory.stat'),
    read('cpuacct', 'cpuacct.usage'), read('pids', 'pids.current'),
  ]);
  return {
    memoryBytes: Math.max(0, Number(usage) - numberIn(details, 'total_inactive_file')),
    memoryLimitBytes: Math.min(Number(limit), totalmem()),
    cpuNanoseconds: Number(cpu),
    processes: Number(processes),
  };
}

async function version2(path: string) {
  const read = (file: string) => readFile(join(root, path, file), 'utf8');
  const [usage, limit, details, cpu, processes] = await Promise.all([
    read('memory.current'), read('memory.max'), read('memory.stat'), read('cpu.stat'), read('pids.current'),
  ]);
  return {
    memoryBytes: Math.max(0, Number(usage) - numberIn(details, 'inactive_file')),
    memoryLimitBytes: limit.trim() === 'max' ? totalmem() : Number(limit),
    cpuNanoseconds: numberIn(cpu, 'usage_usec') * 1000,
    processes: Number(processes),
  };
}

function numberIn(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

/** Of all interfaces but loopback: received is the first figure of a line, sent the ninth. See proc_pid_net(5). */
function networkBytes(text: string): { receivedBytes: number; sentBytes: number } {
  const sums = { receivedBytes: 0, sentBytes: 0 };
  for (const [, name, figures] of text.matchAll(/^\s*(\S+):\s*(.+)$/gm)) {
    if (name === 'lo') continue;
    const numbers = figures!.trim().split(/\s+/).map(Number);
    sums.receivedBytes += numbers[0] ?? 0;
    sums.sentBytes += numbers[8] ?? 0;
  }
  return sums;
}

import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { ContainerStats } from './container-stats.ts';

/** Reads what the kernel says of one cgroup, as often as it is asked: a few small files, no process and no engine. */
export interface GroupReader {
  /** Undefined when its process is gone. */
  read(): ContainerStats | undefined;
}

/** Where the kernel shows cgroups and processes; tests give folders of their own. */
export interface KernelFolders {
  cgroup: string;
  proc: string;
}

const kernel: KernelFolders = { cgroup: '/sys/fs/cgroup', proc: '/proc' };

/** The cgroup, of v1 or v2, that a process of this machine is in. Undefined when the process is gone. */
export function openGroup(pid: number, folders: KernelFolders = kernel): GroupReader | undefined {
  try {
    const groups = groupsOf(readFileSync(join(folders.proc, String(pid), 'cgroup'), 'utf8'));
    const network = join(folders.proc, String(pid), 'net/dev');
    const read = groups['memory'] === undefined ? version2(join(folders.cgroup, groups[''] ?? '/')) : version1(groups, folders.cgroup);
    return {
      read() {
        try {
          return { ...read(), ...networkBytes(readFileSync(network, 'utf8')) };
        } catch {
          return undefined;
        }
      },
    };
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

type Figures = Omit<ContainerStats, 'receivedBytes' | 'sentBytes'>;

function version1(groups: Record<string, string>, root: string): () => Figures {
  const file = (controller: string, name: string) => join(root, controller, groups[controller] ?? '/', name);
  const files = { usage: file('memory', 'memory.usage_in_bytes'), limit: file('memory', 'memory.limit_in_bytes'), details: file('memory', 'memory.stat'), cpu: file('cpuacct', 'cpuacct.usage'), processes: file('pids', 'pids.current') };
  return () => ({
    memoryBytes: Math.max(0, numberOf(files.usage) - numberIn(readFileSync(files.details, 'utf8'), 'total_inactive_file')),
    memoryLimitBytes: Math.min(numberOf(files.limit), totalmem()),
    cpuNanoseconds: numberOf(files.cpu),
    processes: numberOf(files.processes),
  });
}

function version2(folder: string): () => Figures {
  const file = (name: string) => join(folder, name);
  const files = { usage: file('memory.current'), limit: file('memory.max'), details: file('memory.stat'), cpu: file('cpu.stat'), processes: file('pids.current') };
  return () => {
    const limit = readFileSync(files.limit, 'utf8').trim();
    return {
      memoryBytes: Math.max(0, numberOf(files.usage) - numberIn(readFileSync(files.details, 'utf8'), 'inactive_file')),
      memoryLimitBytes: limit === 'max' ? totalmem() : Math.min(Number(limit), totalmem()),
      cpuNanoseconds: numberIn(readFileSync(files.cpu, 'utf8'), 'usage_usec') * 1000,
      processes: numberOf(files.processes),
    };
  };
}

function numberOf(path: string): number {
  return Number(readFileSync(path, 'utf8'));
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

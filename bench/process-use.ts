import { readFile } from 'node:fs/promises';

const clockTicksPerSecond = 100;

/** What a process takes: resident memory, and processor time of its own and with the children that it waited for. */
export async function processUse(pid: number): Promise<{ residentMb: number; ownTicks: number; allTicks: number }> {
  const [stat, status] = [await readFile(`/proc/${pid}/stat`, 'utf8'), await readFile(`/proc/${pid}/status`, 'utf8')];
  // proc(5): utime, stime, cutime, cstime are fields 14 to 17; the name in field 2 may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
  const [user, system, childUser, childSystem] = fields.slice(11, 15) as [number, number, number, number];
  return { residentMb: Number(/^VmRSS:\s+(\d+)/m.exec(status)![1]) / 1024, ownTicks: user + system, allTicks: user + system + childUser + childSystem };
}

/** Ticks within a time as a share of one processor. */
export function sharePercent(ticks: number, ms: number): number {
  return (100 * ticks) / clockTicksPerSecond / (ms / 1000);
}

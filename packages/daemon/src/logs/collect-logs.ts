import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@redcontrol/system';

/** How much is kept of the logs of runs that belong together: those of one project. */
export interface LogGroup {
  /** Ids of its runs. */
  runs: ReadonlySet<number>;
  /** Logs whose last change is longer ago are removed. */
  maxAgeMs: number;
  /** Only the newest runs' logs are kept. */
  maxRuns: number;
}

export interface LogLimits {
  /** Logs of runs in no group are removed: nobody can ask for them any more. */
  groups: readonly LogGroup[];
  /** All logs together may take this much; the oldest go first. */
  maxBytes: number;
  /** Runs that still write, or that must stay for another reason; they are never removed but count against the limits. */
  keep: (run: number) => boolean;
}

export interface RunLogs {
  run: number;
  bytes: number;
  /** Last change, ms since 1970 UTC. */
  changedAt: number;
}

/** Removes old logs from a folder that holds one folder a run, named by its number. What is named otherwise is left alone. */
export async function collectLogs(directory: string, options: LogLimits & { clock: Pick<Clock, 'now'> }): Promise<{ removedRuns: number[]; freedBytes: number }> {
  const runs = await listRunLogs(directory);
  const doomed = planLogRemoval(runs, { ...options, nowMs: options.clock.now() });
  for (const { run } of doomed) await rm(join(directory, String(run)), { recursive: true, force: true });
  return { removedRuns: doomed.map(({ run }) => run), freedBytes: doomed.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Which runs' logs have to go, oldest first. Pure. */
export function planLogRemoval(runs: readonly RunLogs[], limits: LogLimits & { nowMs: number }): RunLogs[] {
  const doomed: RunLogs[] = [];
  const keptRuns = new Map<LogGroup, number>();
  let keptBytes = 0;
  let isFull = false;
  for (const logs of runs.toSorted((a, b) => b.run - a.run)) {
    const group = limits.groups.find((one) => one.runs.has(logs.run));
    const kept = group ? (keptRuns.get(group) ?? 0) : 0;
    isFull ||= keptBytes + logs.bytes > limits.maxBytes;
    const isOver = !group || kept >= group.maxRuns || limits.nowMs - logs.changedAt > group.maxAgeMs;
    if ((isFull || isOver) && !limits.keep(logs.run)) {
      doomed.push(logs);
      continue;
    }
    if (group) keptRuns.set(group, kept + 1);
    keptBytes += logs.bytes;
  }
  return doomed.toReversed();
}

async function listRunLogs(directory: string): Promise<RunLogs[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const folders = entries.filter((entry) => entry.isDirectory() && /^[1-9]\d{0,14}$/.test(entry.name));
  const runs: RunLogs[] = [];
  for (const folder of folders) runs.push({ run: Number(folder.name), ...(await measureFolder(join(directory, folder.name))) });
  return runs;
}

/** A run's folder holds plain files only; one that vanishes meanwhile counts as nothing. */
async function measureFolder(folder: string): Promise<{ bytes: number; changedAt: number }> {
  let bytes = 0;
  let changedAt = 0;
  for (const name of ['.', ...(await readdir(folder).catch(() => []))]) {
    const stat = await lstat(join(folder, name)).catch(() => undefined);
    if (!stat) continue;
    if (stat.isFile()) bytes += stat.size;
    changedAt = Math.max(changedAt, stat.mtimeMs);
  }
  return { bytes, changedAt };
}

import { askHaproxy } from './runtime-socket.ts';
import { parseServers, type RunningServer } from './read-running.ts';
import type { ProxyPaths } from './settings.ts';

/** Process ids of workers that a reload replaced and that still hold connections. */
export async function listOldWorkers(paths: ProxyPaths): Promise<number[]> {
  return parseOldWorkers(await askHaproxy(paths.masterSocket, 'show proc'));
}

/** Of the master's `show proc`: the lines between "# old workers" and the next heading. */
export function parseOldWorkers(text: string): number[] {
  const [, old = ''] = text.split(/^# old workers$/m);
  return (old.split(/^#/m)[0] ?? '').split('\n').flatMap((line) => {
    const pid = /^(\d+)\s+worker\b/.exec(line.trim())?.[1];
    return pid === undefined ? [] : [Number(pid)];
  });
}

/** Servers of a replaced worker by backend; nothing of one that ended meanwhile. */
export async function readOldWorker(pid: number, paths: ProxyPaths): Promise<Record<string, RunningServer[]>> {
  return parseServers(await askHaproxy(paths.masterSocket, `@!${pid} show stat -1 4 -1`).catch(() => ''));
}

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

/**
 * Cuts what replaced workers still hold of servers that are gone, as the drain's end does in the present worker. HAProxy
 * takes no command for a server of a worker that is ending, but it does for a single session.
 */
export async function cutOldSessions(isGone: (backend: string, server: string) => boolean, paths: ProxyPaths): Promise<void> {
  for (const pid of await listOldWorkers(paths)) {
    const sessions = parseSessions(await askHaproxy(paths.masterSocket, `@!${pid} show sess`).catch(() => ''));
    for (const session of sessions) {
      if (isGone(session.backend, session.server)) await askHaproxy(paths.masterSocket, `@!${pid} shutdown session ${session.id}`).catch(() => '');
    }
  }
}

/** Lines of `show sess`, of those sessions that have a server. */
export function parseSessions(text: string): { id: string; backend: string; server: string }[] {
  return text.split('\n').flatMap((line) => {
    const [, id, backend, server] = /^(0x[0-9a-f]+): .*\bbe=(\S+) srv=(\S+) /.exec(line) ?? [];
    return id && backend && server ? [{ id, backend, server }] : [];
  });
}

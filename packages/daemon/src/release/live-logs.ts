import type { DaemonContext } from '../context.ts';
import { containerLogs } from '../engine/index.ts';
import { liveRelease } from '../store/index.ts';
import { listReleaseContainers } from './app-containers.ts';
import { openUnits, processLabel } from './release-units.ts';

export interface LiveLogOptions {
  lines: number;
  /** Only of this process. */
  process?: string | undefined;
  /** Milliseconds since 1970: only what was printed since. */
  since?: number | undefined;
  /** What of a log is wanted. */
  choose?: (text: string) => string;
}

/** Last lines of the live version's containers, for people who look; empty where nothing is live. */
export async function liveLogs(daemon: DaemonContext, owner: { project: string; environment: string }, { lines, process, since, choose = (text) => text }: LiveLogOptions): Promise<string> {
  const live = liveRelease(daemon.store, owner.project, owner.environment);
  if (!live) return '';
  const lists = await Promise.all(openUnits(daemon, live).map(async ({ release }) => (await listReleaseContainers(daemon, release)).map((container) => ({ ...container, process: processLabel(release, container.process) }))));
  const containers = lists.flat().filter((container) => process === undefined || container.process === process);
  const parts = await Promise.all(containers.map(async (container) => {
    const text = choose(await containerLogs(container.engine, container.id, { lines, ...(since === undefined ? {} : { since }) }));
    return `==> ${container.process} (${container.name.split('--').at(-1)})\n${text}`;
  }));
  return parts.join('\n');
}

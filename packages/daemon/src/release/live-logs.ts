import type { DaemonContext } from '../context.ts';
import { containerLogs } from '../engine/index.ts';
import { liveRelease } from '../store/index.ts';
import { listReleaseContainers } from './app-containers.ts';

/** Last lines of the app's web process, for people who look. */
export async function liveLogs(daemon: DaemonContext, owner: { project: string; environment: string }, lines: number): Promise<string> {
  const live = liveRelease(daemon.store, owner.project, owner.environment);
  if (!live) return '';
  const containers = await listReleaseContainers(daemon, live);
  const parts = await Promise.all(containers.map(async (container) => `==> ${container.process} (${container.name.split('--').at(-1)})\n${await containerLogs(container.engine, container.id, { lines })}`));
  return parts.join('\n');
}

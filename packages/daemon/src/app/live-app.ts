import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { listReleaseContainers, openSnapshot, serverName, type AppContainer, type ReleaseSnapshot } from '../release/index.ts';
import { liveRelease, type StoredRelease } from '../store/index.ts';

export interface AppOwner {
  project: string;
  environment: string;
}

/** What is live of an environment. */
export interface LiveApp {
  release: StoredRelease;
  snapshot: ReleaseSnapshot;
}

/** Throws CONFLICT where nothing is live. */
export function liveApp(daemon: DaemonContext, { project, environment }: AppOwner): LiveApp {
  const release = liveRelease(daemon.store, project, environment);
  if (release) return { release, snapshot: openSnapshot(daemon, release) };
  throw new RedControlError('CONFLICT', `Expected a live release of ${project}/${environment}, nothing is deployed`, { hint: `redcontrol deploy -e ${environment}` });
}

/** Containers of the live release, of one process where it is named. Throws NOT_FOUND for a process that it does not have. */
export async function liveContainers(daemon: DaemonContext, { release, snapshot }: LiveApp, process?: string): Promise<AppContainer[]> {
  assertProcess(snapshot, process);
  const containers = await listReleaseContainers(daemon, release);
  return containers.filter((container) => process === undefined || container.process === process);
}

export function assertProcess({ processes }: ReleaseSnapshot, process: string | undefined): void {
  if (process === undefined || processes.some(({ name }) => name === process)) return;
  throw new RedControlError('NOT_FOUND', `Expected one of the processes ${processes.map(({ name }) => name).join(', ')}, got ${process}`);
}

/** Which of its process's instances a container is, from 1. */
export function instanceOf(container: Pick<AppContainer, 'name'>): number {
  return Number(/-(\d+)$/.exec(serverName(container))?.[1] ?? 1);
}

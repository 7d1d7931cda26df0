import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { listReleaseContainers, openUnits, processLabel, serverName, type AppContainer, type ReleaseUnit } from '../release/index.ts';
import { liveRelease, type StoredRelease } from '../store/index.ts';

export interface AppOwner {
  project: string;
  environment: string;
}

/** What is live of an environment. */
export interface LiveApp {
  release: StoredRelease;
  units: ReleaseUnit[];
}

/** A container with the unit that it is of; `process` is its label. */
export type LiveContainer = AppContainer & { unit: ReleaseUnit };

/** Throws CONFLICT where nothing is live. */
export function liveApp(daemon: DaemonContext, { project, environment }: AppOwner): LiveApp {
  const release = liveRelease(daemon.store, project, environment);
  if (release) return { release, units: openUnits(daemon, release) };
  throw new RedControlError('CONFLICT', `Expected a live release of ${project}/${environment}, nothing is deployed`, { hint: `redcontrol deploy -e ${environment}` });
}

/** Containers of the live release, of one process where it is named. Throws NOT_FOUND for a process that it does not have. */
export async function liveContainers(daemon: DaemonContext, live: LiveApp, process?: string): Promise<LiveContainer[]> {
  assertProcess(live, process);
  const lists = await Promise.all(live.units.map(async (unit) => (await listReleaseContainers(daemon, unit.release)).map((container) => ({ ...container, process: processLabel(unit.release, container.process), unit }))));
  return lists.flat().filter((container) => process === undefined || container.process === process);
}

export function assertProcess({ units }: LiveApp, process: string | undefined): void {
  const known = units.flatMap(({ release, snapshot }) => snapshot.processes.map(({ name }) => processLabel(release, name)));
  if (process === undefined || known.includes(process)) return;
  throw new RedControlError('NOT_FOUND', `Expected one of the processes ${known.join(', ')}, got ${process}`);
}

/** Which of its process's instances a container is, from 1. */
export function instanceOf(container: Pick<AppContainer, 'name'>): number {
  return Number(/-(\d+)$/.exec(serverName(container))?.[1] ?? 1);
}

import type { EnvironmentState, RedControlError, RunRecord } from '@redcontrol/contract';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import type { CommandContext } from '../cli/command-context.ts';
import type { MetServer } from '../servers/find-project.ts';

const perProject = 30;
const shownRuns = 40;

export interface ServerRun { server: string; run: RunRecord }

/** What the tray icon and its window show of all servers. */
export interface LastRuns {
  /** Newest first. */
  runs: ServerRun[];
  down: { server: string; project: string; environment: EnvironmentState }[];
  errors: { server: string; error: RedControlError }[];
  clients: ReadonlyMap<string, DaemonClient>;
}

export async function readLastRuns({ global, signal }: CommandContext, met: readonly MetServer[]): Promise<LastRuns> {
  const each = await Promise.all(met.map(async (one) => {
    if (!('client' in one)) return [];
    const projects = one.projects.filter(({ name }) => global.project === undefined || name === global.project);
    return Promise.all(projects.map(async (project) => ({ server: one.server.name, project, runs: await one.client.call('run.list', { project: project.name, limit: perProject }, { signal }) })));
  }));
  const projects = each.flat();
  return {
    runs: projects.flatMap(({ server, runs }) => runs.map((run) => ({ server, run }))).toSorted((one, other) => other.run.createdAt - one.run.createdAt).slice(0, shownRuns),
    down: projects.flatMap(({ server, project }) => project.environments.filter(({ health }) => health === 'down').map((environment) => ({ server, project: project.name, environment }))),
    errors: met.flatMap((one) => ('error' in one ? [{ server: one.server.name, error: one.error }] : [])),
    clients: new Map(met.flatMap((one) => ('client' in one ? [[one.server.name, one.client] as const] : []))),
  };
}

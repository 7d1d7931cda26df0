import type { Command } from 'commander';
import type { ProjectState, RunRecord } from '@redcontrol/contract';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import type { CommandContext } from '../cli/command-context.ts';
import { plainLine } from '../cli/plain-line.ts';
import type { Bind } from '../program.ts';
import { leaveServers, meetServers, type MetServer } from '../servers/find-project.ts';
import { runLine } from './run-words.ts';

const readRuns = 100;
const shownBranches = 10;

export interface ProjectStatus { server: string; project: ProjectState; branches: RunRecord[] }

export function defineStatus(program: Command, bind: Bind): void {
  program.command('status')
    .description('projects, their branches, and what is live where')
    .action(bind(status));
}

async function status(context: CommandContext): Promise<void> {
  const met = await meetServers(context);
  try {
    const projects = await projectStatuses(context, met);
    const errors = met.flatMap((one) => ('error' in one ? [{ server: one.server.name, error: one.error }] : []));
    if (context.global.json) context.printJson({ projects, errors });
    else {
      for (const line of projects.flatMap((one) => statusLines(one, context))) context.print(line);
      for (const { server, error } of errors) context.note(`${server}: ${plainLine(error.message)}${error.hint ? ` ${plainLine(error.hint)}` : ''}`);
    }
    const [first] = errors;
    if (first && errors.length === met.length) throw first.error;
  } finally {
    await leaveServers(met);
  }
}

export async function projectStatuses(context: CommandContext, met: readonly MetServer[]): Promise<ProjectStatus[]> {
  const each = await Promise.all(met.map(async (one) => {
    if (!('client' in one)) return [];
    const chosen = one.projects.filter(({ name }) => context.global.project === undefined || name === context.global.project);
    return Promise.all(chosen.map(async (project) => ({ server: one.server.name, project, branches: await newestRuns(one.client, project.name, context.signal) })));
  }));
  return each.flat();
}

/** The newest run of each branch and tag among the last 100. */
async function newestRuns(client: DaemonClient, project: string, signal: AbortSignal): Promise<RunRecord[]> {
  const runs = await client.call('run.list', { project, limit: readRuns }, { signal });
  const byRef = new Map<string, RunRecord>();
  for (const run of runs) if (!byRef.has(run.ref)) byRef.set(run.ref, run);
  return [...byRef.values()].slice(0, shownBranches);
}

export function statusLines({ server, project, branches }: ProjectStatus, context: CommandContext): string[] {
  const { colors } = context;
  return [
    `${colors.bold(project.name)} ${colors.dim(server)}`,
    ...branches.map((run) => `  ${runLine(run, context)}`),
    ...project.environments.map((environment) => `  ${environmentLine(environment, context)}`),
  ];
}

export function environmentLine({ name, live, health, url }: ProjectState['environments'][number], { colors, words, cli }: CommandContext): string {
  if (!live) return colors.dim(words.nothingLive(name));
  const since = words.ago(live.liveAt ?? live.createdAt, cli.now());
  const color = health === 'down' ? colors.red : health === 'up' ? colors.green : colors.cyan;
  const text = words.live({ environment: name, release: live.number, since, by: live.author });
  return `${color('●')} ${plainLine(text)} ${colors.yellow(live.commit.slice(0, 7))} ${colors.dim(plainLine(url))}`;
}

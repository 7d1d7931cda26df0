import { asRedControlError, RedControlError, type ProjectState } from '@redcontrol/contract';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import type { CommandContext } from '../cli/command-context.ts';
import { readRepository, type Repository } from '../repository/read-repository.ts';
import { sameRepository } from '../repository/same-repository.ts';
import type { WatchedServer } from '../settings/settings.ts';
import { openServer } from './open-server.ts';

/** A server as a command met it. */
export type MetServer =
  | { server: WatchedServer; client: DaemonClient; projects: ProjectState[] }
  | { server: WatchedServer; error: RedControlError };

export interface FoundProject {
  server: WatchedServer;
  client: DaemonClient;
  project: ProjectState;
  repository: Repository | undefined;
}

/** Connects to the chosen servers at once; one that fails does not hide the others. Throws USAGE when there are none. */
export async function meetServers(context: CommandContext): Promise<MetServer[]> {
  return Promise.all(chosenServers(context).map((server) => meetServer(server, context)));
}

/** Connects to one server; what goes wrong is a part of the answer. Throws when the command was cancelled. */
export async function meetServer(server: WatchedServer, { signal }: Pick<CommandContext, 'signal'>): Promise<MetServer> {
  try {
    const client = await openServer(server, { signal });
    return { server, client, projects: await client.call('project.list', {}, { signal }) };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return { server, error: asRedControlError(thrown) };
  }
}

/** Ends the conversations with all servers. */
export async function leaveServers(met: readonly MetServer[]): Promise<void> {
  await Promise.all(met.map((one) => ('client' in one ? one.client.close() : undefined)));
}

/** Runs a task with the project of this folder or of --project, and ends all conversations. Throws NOT_FOUND, USAGE, and what a server answers. */
export async function withProject<T>(context: CommandContext, task: (found: FoundProject) => Promise<T>): Promise<T> {
  const [repository, met] = await Promise.all([readRepository(context.cli.folder, context.signal), meetServers(context)]);
  try {
    const found = projectsOf(met, { repository, name: context.global.project });
    const [only] = found;
    if (only && found.length === 1) return await task({ ...only, repository });
    throw wrongCount(met, { found, repository, context });
  } finally {
    await leaveServers(met);
  }
}

function projectsOf(met: readonly MetServer[], { repository, name }: { repository: Repository | undefined; name: string | undefined }) {
  return met.flatMap((one) => {
    if (!('client' in one)) return [];
    const wanted = ({ name: own, repository: address }: ProjectState) =>
      name === undefined ? repository?.remotes.some((remote) => sameRepository(remote, address)) === true : own === name;
    return one.projects.filter(wanted).map((project) => ({ server: one.server, client: one.client, project }));
  });
}

function wrongCount(met: readonly MetServer[], { found, repository, context }: { found: { server: WatchedServer; project: ProjectState }[]; repository: Repository | undefined; context: CommandContext }): RedControlError {
  if (found.length > 1) {
    const names = found.map(({ server, project }) => `${project.name} on ${server.name}`).join(', ');
    return new RedControlError('USAGE', `Expected one project, got ${names}`, { hint: 'Choose with --project and --server.' });
  }
  for (const one of met) if ('error' in one) return one.error;
  const name = context.global.project;
  if (name !== undefined) return new RedControlError('NOT_FOUND', `Expected the project ${name} on ${met.map(({ server }) => server.name).join(', ')}, it is not there for you`, { hint: 'See what there is with `redwatch status`.' });
  if (!repository) return new RedControlError('NOT_FOUND', `Expected a git repository in ${context.cli.folder}, got none`, { hint: 'Go to the repository, or give --project.' });
  return new RedControlError('NOT_FOUND', `Expected a project of ${repository.remotes[0] ?? 'a repository without a remote'}, no server has one for you`, { hint: 'Ask an admin of the project for access, or give --project.' });
}

function chosenServers({ settings, global }: CommandContext): WatchedServer[] {
  const { servers } = settings;
  if (servers.length === 0) throw new RedControlError('USAGE', 'Expected a server, none is connected', { hint: 'Begin with: redwatch connect redcontrol@SERVER' });
  const chosen = servers.filter(({ name }) => global.server === undefined || name === global.server);
  if (chosen.length === 0) throw new RedControlError('NOT_FOUND', `Expected one of the servers ${servers.map(({ name }) => name).join(', ')}, got ${global.server}`);
  return chosen;
}

import { previewPrefix, RedControlError, serversOf, type ProjectConfig } from '@redcontrol/contract';
import type { SshTarget } from '@redcontrol/system';
import { connectDaemon } from '@redcontrol/client/connect-daemon';
import { connectSocket } from '@redcontrol/client/connect-socket';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { version } from '../version.ts';
import type { CommandContext } from './command-context.ts';
import { readConfigFile } from './find-config.ts';
import { firstContact } from './first-contact.ts';
import { onlyServer } from './only-server.ts';

/** A daemon that a command talks to, and the project that it is about. */
export interface ProjectConnection {
  client: DaemonClient;
  /** Name of the server in the configuration; for a socket what `serverOfSocket` says. */
  server: string;
  project: string;
}

/** Where a command goes: the server of an environment, the one that --server names, or the only one. */
export interface Destination {
  environment?: string;
}

/**
 * Connects to the one server that a command is about, runs `work`, and closes the connection.
 * Throws USAGE when more than one server could be meant.
 */
export async function withProject<T>(context: CommandContext, destination: Destination, work: (connection: ProjectConnection) => Promise<T>): Promise<T> {
  if (context.global.socket !== undefined) {
    return withClient(await openSocket(context), async (client) => work({ client, server: await serverOfSocket(context), project: await projectOf(context, client) }));
  }
  const { config } = await readConfigFile(context);
  const server = chooseServer(config, { ...destination, named: context.global.server });
  return withClient(await openServer(context, config, server), (client) => work({ client, server, project: context.global.project ?? config.project }));
}

/** Connects to every server that a command is about, one after the other; a server out of reach does not hide the others. */
export async function withEachServer(context: CommandContext, work: (connection: ProjectConnection) => Promise<void>): Promise<{ server: string; error: unknown }[]> {
  if (context.global.socket !== undefined || context.global.server !== undefined) {
    await withProject(context, {}, work);
    return [];
  }
  const { config } = await readConfigFile(context);
  const failed: { server: string; error: unknown }[] = [];
  for (const server of Object.keys(config.servers)) {
    try {
      await withClient(await openServer(context, config, server), (client) => work({ client, server, project: config.project }));
    } catch (error) {
      if (context.signal.aborted || Object.keys(config.servers).length === 1) throw error;
      failed.push({ server, error });
    }
  }
  return failed;
}

/** Where and how to log in on a server of the configuration, with the options of the command line. */
export function sshTarget({ global }: CommandContext, config: ProjectConfig, server: string): SshTarget {
  const found = config.servers[server];
  if (!found) throw new RedControlError('USAGE', `Expected one of the servers ${Object.keys(config.servers).join(', ')}, got ${JSON.stringify(server)}`);
  return {
    ...found,
    ...(global.identity ? { identityFile: global.identity } : {}),
    ...(global.sshConfig ? { configFile: global.sshConfig } : {}),
  };
}

export function openServer(context: CommandContext, config: ProjectConfig, server: string): Promise<DaemonClient> {
  return connectDaemon({ server: sshTarget(context, config, server), name: server, clientName: clientName(), signal: context.signal, firstContact: firstContact(context) });
}

export async function withClient<T>(client: DaemonClient, work: (client: DaemonClient) => Promise<T>): Promise<T> {
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

export function openSocket({ global, signal }: CommandContext): Promise<DaemonClient> {
  return connectSocket(global.socket ?? '', { clientName: clientName(), signal });
}

/** What the server behind a socket is called: as told, as the given configuration says, or `local`. */
export async function serverOfSocket(context: CommandContext): Promise<string> {
  if (context.global.server !== undefined) return context.global.server;
  if (context.global.config === undefined) return 'local';
  return Object.keys((await readConfigFile(context)).config.servers)[0] ?? 'local';
}

function clientName(): string {
  return `redcontrol ${version}`;
}

function chooseServer(config: ProjectConfig, { environment, named }: { environment?: string; named: string | undefined }): string {
  if (named !== undefined) return named;
  if (environment?.startsWith(previewPrefix)) return onlyServer(previewServers(config), undefined);
  if (environment !== undefined) {
    const known = Object.keys(config.environments);
    if (!known.includes(environment)) throw new RedControlError('NOT_FOUND', `Expected one of the environments ${known.join(', ')}, got ${JSON.stringify(environment)}`);
    return serversOf(config, environment)[0] ?? '';
  }
  return onlyServer(Object.keys(config.servers), undefined);
}

/** Previews are made by the server, where their base is. */
function previewServers(config: ProjectConfig): string[] {
  const bases = Object.entries(config.environments).filter(([, { preview }]) => preview !== undefined);
  return bases.length === 0 ? Object.keys(config.servers) : [...new Set(bases.flatMap(([name]) => serversOf(config, name)))];
}

/** On a socket: the project that is named, that of a configuration here, or the only one that the daemon has. */
async function projectOf(context: CommandContext, client: DaemonClient): Promise<string> {
  if (context.global.project !== undefined) return context.global.project;
  if (context.global.config !== undefined) return (await readConfigFile(context)).config.project;
  const projects = await client.call('project.list', {}, { signal: context.signal });
  if (projects.length === 1 && projects[0]) return projects[0].name;
  if (projects.length === 0) throw new RedControlError('NOT_FOUND', 'Expected a project on this daemon, got none', { hint: 'Make one with `redcontrol apply`.' });
  throw new RedControlError('USAGE', `Expected to know which of the projects ${projects.map(({ name }) => name).join(', ')} is meant, got none`, { hint: 'Name it with --project.' });
}

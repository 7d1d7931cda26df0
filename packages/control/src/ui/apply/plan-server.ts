import { RedControlError, wantsMachines, type Operation, type ProjectConfig } from '@redcontrol/contract';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { inspectServer, planInstall, type InstallOperation } from '../../install/index.ts';
import type { UiContext } from '../ui-context.ts';
import type { FollowedServer } from '../servers/follow-server.ts';

/** How long a server that was just installed may take to be connected to. */
const connectTimeoutMs = 60_000;

export interface PlannedServer {
  install: InstallOperation[];
  /** Operations of the project; for a server where nothing is installed yet, only that it will be set up. */
  project: Operation[];
  baseRevision: number | undefined;
}

/** What would be done on one server for a configuration; changes nothing. */
export async function planServer(context: UiContext, { name, server, text, config, signal }: { name: string; server: FollowedServer; text: string; config: ProjectConfig; signal: AbortSignal | undefined }): Promise<PlannedServer> {
  const install = await planInstallOf(context, { server, config, signal });
  const client = server.client();
  if (!client) {
    if (install.length === 0) throw stillAway(server);
    return { install, project: [setUpLater(server.link.host)], baseRevision: undefined };
  }
  const { operations, baseRevision } = await client.call('project.plan', { config: text, server: name }, signal ? { signal } : {});
  return { install, project: operations, baseRevision };
}

/** Waits for the connection to a server's daemon. Throws why there is none. */
export async function connectionOf(server: FollowedServer, signal: AbortSignal): Promise<DaemonClient> {
  const end = Date.now() + connectTimeoutMs;
  server.retry();
  for (;;) {
    const client = server.client();
    if (client) return client;
    if (signal.aborted) throw new RedControlError('CANCELLED', 'Applying was cancelled');
    if (Date.now() > end) throw stillAway(server);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function planInstallOf({ install }: UiContext, { server: { link }, config, signal }: { server: FollowedServer; config: ProjectConfig; signal: AbortSignal | undefined }): Promise<InstallOperation[]> {
  if (!install.wanted) return [];
  const facts = await inspectServer(install.target(link), { signal });
  return planInstall(facts, { ...(await install.wanted()), machines: wantsMachines(config) });
}

function setUpLater(host: string): Operation {
  return { id: 'project', kind: 'create', target: host, description: 'Set up the project: its repository, environments and databases', warning: null };
}

function stillAway({ link }: FollowedServer): RedControlError {
  const { error, host } = link;
  return new RedControlError(error?.code ?? 'DAEMON_UNREACHABLE', error?.message ?? `Expected a connection to ${host}, it is still being made`, error?.hint ? { hint: error.hint } : {});
}

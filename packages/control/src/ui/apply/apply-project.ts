import { channelSecretPlace, RedControlError, serversOf, type ControlResult, type ProjectConfig } from '@redcontrol/contract';
import { loadConfig } from '../../config/load-config.ts';
import { applyInstall } from '../../install/index.ts';
import { readConfigFile } from '../config/config-files.ts';
import type { FollowedServer } from '../servers/follow-server.ts';
import { serverId } from '../servers/server-links.ts';
import type { UiContext } from '../ui-context.ts';
import type { ApplyReport } from './apply-jobs.ts';
import { connectionOf, planServer } from './plan-server.ts';

interface ProjectServer {
  name: string;
  server: FollowedServer;
}

/** The plan of a configuration for each of its servers; a server that cannot be planned carries its error. */
export async function planProject(context: UiContext, path: string, signal?: AbortSignal): Promise<ControlResult<'apply.plan'>> {
  const { text, config, servers } = await readProject(context, path);
  return {
    servers: await Promise.all(servers.map(async ({ name, server }) => {
      try {
        const { install, project } = await planServer(context, { name, server, text, config, signal });
        return { id: server.link.id, name, error: null, operations: [...install, ...project] };
      } catch (thrown) {
        if (!(thrown instanceof RedControlError)) throw thrown;
        return { id: server.link.id, name, error: { code: thrown.code, message: thrown.message, ...(thrown.hint ? { hint: thrown.hint } : {}) }, operations: [] };
      }
    })),
  };
}

/**
 * Brings every server of a configuration to what it says, one after the other, then sends the secrets that were held.
 * Each part looks first whether it is done already, so that applying again goes on where it stopped.
 */
export async function applyProject(context: UiContext, { path, report, signal }: { path: string; report: ApplyReport; signal: AbortSignal }): Promise<void> {
  const { text, config, servers } = await readProject(context, path);
  for (const { name, server } of servers) {
    const planned = await planServer(context, { name, server, text, config, signal });
    report.plan(name, [...planned.install, ...planned.project]);
    if (planned.install.length > 0) {
      await applyInstall(context.install.target(server.link), planned.install, { signal, onProgress: (progress) => report.progress(name, progress) });
    }
    await applyOn(context, { path, text, config, name, server, baseRevision: planned.baseRevision, report, signal });
  }
  for (const secret of context.secrets.of(path)) if (secret.environment === channelSecretPlace) context.secrets.drop(path, secret);
}

interface Applying {
  path: string;
  text: string;
  config: ProjectConfig;
  name: string;
  server: FollowedServer;
  baseRevision: number | undefined;
  report: ApplyReport;
  signal: AbortSignal;
}

async function applyOn(context: UiContext, { path, text, config, name, server, baseRevision, report, signal }: Applying): Promise<void> {
  const client = await connectionOf(server, signal);
  const isNew = baseRevision === undefined;
  if (isNew) report.progress(name, { operation: 'project', state: 'started', text: '' });
  await client.call('project.apply', { config: text, server: name, ...(isNew ? {} : { baseRevision }) }, {
    signal, onProgress: ({ operation, state, text: said }) => report.progress(name, { operation, state, text: said }),
  });
  if (isNew) report.progress(name, { operation: 'project', state: 'done', text: '' });
  for (const secret of context.secrets.of(path)) {
    const isForAll = secret.environment === channelSecretPlace;
    if (!isForAll && !serversOf(config, secret.environment).includes(name)) continue;
    await client.call('secret.set', { project: config.project, ...secret }, { signal });
    if (!isForAll) context.secrets.drop(path, secret);
  }
}

async function readProject(context: UiContext, path: string): Promise<{ text: string; config: ProjectConfig; servers: ProjectServer[] }> {
  const { text } = await readConfigFile(path);
  const { config } = loadConfig(text, 'redcontrol.yml');
  await context.refresh();
  const used = Object.entries(config.servers).filter(([name]) => Object.keys(config.environments).some((environment) => serversOf(config, environment).includes(name)));
  return { text, config, servers: used.map(([name, address]) => ({ name, server: context.servers.get(serverId(address)) })) };
}

import { serversOf, type ProjectConfig } from '@redcontrol/contract';
import type { CommandContext } from '../cli/command-context.ts';
import { openSocket, withClient } from '../cli/connect.ts';
import { readConfigFile } from '../cli/find-config.ts';
import { onlyServer } from '../cli/only-server.ts';
import { missingSecrets } from './missing-secrets.ts';
import { planServer, type ServerPlan } from './plan-server.ts';

export interface ConfigPlan {
  config: ProjectConfig;
  text: string;
  plans: ServerPlan[];
}

/** The plan of the configuration for every server that it uses, or for the daemon of --socket. Changes nothing. */
export async function planConfig(context: CommandContext, { install }: { install: boolean }): Promise<ConfigPlan> {
  const { config, source: text } = await readConfigFile(context);
  if (context.global.socket !== undefined) return { config, text, plans: [await planSocket(context, config, text)] };
  const plans: ServerPlan[] = [];
  // One after the other: a first contact may have a question.
  for (const server of usedServers(context, config)) plans.push(await planServer(context, { config, text, server, install }));
  return { config, text, plans };
}

async function planSocket(context: CommandContext, config: ProjectConfig, text: string): Promise<ServerPlan> {
  const server = onlyServer(Object.keys(config.servers), context.global.server);
  return withClient(await openSocket(context), async (client) => {
    const { operations, baseRevision } = await client.call('project.plan', { config: text, server }, { signal: context.signal });
    const known = baseRevision > 0 ? await client.call('secret.list', { project: config.project }, { signal: context.signal }) : [];
    return { server, install: [], project: operations, baseRevision, missingSecrets: missingSecrets(config, server, known), installSkipped: undefined };
  });
}

function usedServers({ global }: CommandContext, config: ProjectConfig): string[] {
  if (global.server !== undefined) return [global.server];
  const used = new Set(Object.keys(config.environments).flatMap((environment) => serversOf(config, environment)));
  return Object.keys(config.servers).filter((server) => used.has(server));
}

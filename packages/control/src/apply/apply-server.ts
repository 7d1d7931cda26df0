import type { ProjectConfig, ProjectState } from '@redcontrol/contract';
import type { CommandContext } from '../cli/command-context.ts';
import { openServer, sshTarget, withClient } from '../cli/connect.ts';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { applyInstall } from '../install/index.ts';
import { createProgress } from '../output/progress.ts';
import { missingSecrets, type MissingSecret } from './missing-secrets.ts';
import type { ServerPlan } from './plan-server.ts';

export interface ServerApplied {
  server: string;
  revision: number;
  changed: boolean;
  state: ProjectState;
  missingSecrets: MissingSecret[];
}

export interface ApplyOptions {
  config: ProjectConfig;
  text: string;
  server: string;
}

/** Carries out the plan of one server: first the installation, then the project. Each part looks first what is done already. */
export async function applyServer(context: CommandContext, plan: ServerPlan, options: ApplyOptions): Promise<ServerApplied> {
  const { config, server } = options;
  if (plan.install.length > 0) {
    const progress = createProgress(context, (id) => plan.install.find((operation) => operation.id === id)?.description);
    await applyInstall(sshTarget(context, config, server), plan.install, { signal: context.signal, onProgress: progress.tell }).finally(progress.end);
  }
  return withClient(await openServer(context, config, server), (client) => applyProject(context, client, { ...options, plan }));
}

/** Applies the project on a daemon that is connected. */
export async function applyProject(context: CommandContext, client: DaemonClient, { config, text, server, plan }: ApplyOptions & { plan: Pick<ServerPlan, 'project' | 'baseRevision'> }): Promise<ServerApplied> {
  const { signal } = context;
  const progress = createProgress(context, (id) => plan.project.find((operation) => operation.id === id)?.description);
  const baseRevision = plan.baseRevision === undefined ? {} : { baseRevision: plan.baseRevision };
  const applied = await client.call('project.apply', { config: text, server, ...baseRevision }, { signal, onProgress: progress.tell }).finally(progress.end);
  const state = await client.call('project.show', { project: config.project }, { signal });
  const known = await client.call('secret.list', { project: config.project }, { signal });
  return { server, ...applied, state, missingSecrets: missingSecrets(config, server, known) };
}

import { RedControlError, wantsMachines, type Operation, type ProjectConfig } from '@redcontrol/contract';
import type { CommandContext } from '../cli/command-context.ts';
import { openServer, sshTarget, withClient } from '../cli/connect.ts';
import { firstContact } from '../cli/first-contact.ts';
import { withKnownHost } from '@redcontrol/client/host-key';
import { inspectServer, planInstall, type InstallOperation, type ServerFacts } from '../install/index.ts';
import { missingSecrets, type MissingSecret } from './missing-secrets.ts';
import { wantedInstall } from './wanted-install.ts';

/** What applying would do on one server. */
export interface ServerPlan {
  server: string;
  /** Of the server itself; empty where all is installed, or where the installation may not be looked at. */
  install: InstallOperation[];
  project: Operation[];
  /** Revision that the project's operations start from; undefined while no daemon could be asked. */
  baseRevision: number | undefined;
  missingSecrets: MissingSecret[];
  /** Why the installation was not looked at. */
  installSkipped: string | undefined;
}

export interface PlanOptions {
  config: ProjectConfig;
  text: string;
  server: string;
  /** false: only the project, with a daemon that is there. */
  install: boolean;
}

/** Looks at a server and says what would be done there; changes nothing. */
export async function planServer(context: CommandContext, options: PlanOptions): Promise<ServerPlan> {
  const { config, server } = options;
  const looked = options.install ? await lookAtServer(context, config, server) : { facts: undefined, skipped: 'left out by --no-install' };
  const install = looked.facts ? planInstall(looked.facts, { ...(await wantedInstall(context.cli.variables)), machines: wantsMachines(config) }) : [];
  const project = await planProject(context, options, { facts: looked.facts, isComplete: install.length === 0 });
  return { server, install, ...project, installSkipped: looked.skipped };
}

/** Facts of the server, or undefined with the reason where only the daemon lets this key in. */
async function lookAtServer(context: CommandContext, config: ProjectConfig, server: string): Promise<{ facts: ServerFacts | undefined; skipped: string | undefined }> {
  const target = sshTarget(context, config, server);
  try {
    const facts = await withKnownHost(target, firstContact(context), () => inspectServer(target, { signal: context.signal }));
    return { facts, skipped: undefined };
  } catch (thrown) {
    if (!(thrown instanceof RedControlError) || thrown.code !== 'SSH_DENIED') throw thrown;
    // An admin of the project need not be an administrator of the machine.
    const isAdmin = await openServer(context, config, server).then((client) => withClient(client, async ({ hello }) => hello.role === 'admin'), () => false);
    if (!isAdmin) throw thrown;
    return { facts: undefined, skipped: `${target.user}@${target.host} does not accept this key; only the daemon does` };
  }
}

async function planProject(context: CommandContext, { config, text, server }: PlanOptions, { facts, isComplete }: { facts: ServerFacts | undefined; isComplete: boolean }): Promise<Pick<ServerPlan, 'project' | 'baseRevision' | 'missingSecrets'>> {
  const later = { project: [setUpLater(config, server)], baseRevision: undefined, missingSecrets: missingSecrets(config, server, []) };
  if (facts && facts.redcontrol.service !== 'active') return later;
  try {
    return await withClient(await openServer(context, config, server), async (client) => {
      const { operations, baseRevision } = await client.call('project.plan', { config: text, server }, { signal: context.signal });
      const known = baseRevision > 0 ? await client.call('secret.list', { project: config.project }, { signal: context.signal }) : [];
      return { project: operations, baseRevision, missingSecrets: missingSecrets(config, server, known) };
    });
  } catch (thrown) {
    // A daemon of another version is upgraded first, then asked.
    const waitsForUpgrade = thrown instanceof RedControlError && !isComplete && (thrown.code === 'CONTRACT_MISMATCH' || thrown.code === 'DAEMON_UNREACHABLE');
    if (!waitsForUpgrade) throw thrown;
    return later;
  }
}

function setUpLater({ project }: ProjectConfig, server: string): Operation {
  return { id: 'project', kind: 'create', target: server, description: `Set up the project ${project}: its repository, environments and databases`, warning: null };
}

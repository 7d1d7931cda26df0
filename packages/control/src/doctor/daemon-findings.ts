import { asRedControlError, channelSecretPlace, formatBytes, type ProjectConfig, type ProjectState, type ServerState } from '@redcontrol/contract';
import { missingSecrets, secretCommand } from '../apply/missing-secrets.ts';
import type { CommandContext } from '../cli/command-context.ts';
import { openServer, openSocket, serverOfSocket, withClient } from '../cli/connect.ts';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { channelFindings } from './channel-findings.ts';
import type { Finding } from './finding.ts';

/** Less than this of the disk free is told before builds begin to fail. */
const leastDiskShare = 0.1;
const leastMemoryShare = 0.05;
const certificateWarningDays = 14;

/** Looks at every daemon of the configuration, or at that of --socket; one that is out of reach does not hide the others. */
export async function daemonFindings(context: CommandContext, config: ProjectConfig | undefined, tell: (found: readonly Finding[]) => void): Promise<void> {
  const servers = context.global.server !== undefined ? [context.global.server] : Object.keys(config?.servers ?? {});
  const openings = context.global.socket !== undefined
    ? [{ name: await serverOfSocket(context), open: () => openSocket(context) }]
    : servers.map((name) => ({ name, open: () => openServer(context, config as ProjectConfig, name) }));
  for (const { name, open } of openings) {
    const begun = performance.now();
    try {
      await withClient(await open(), async (client) => {
        tell([{ about: `server ${name}`, level: 'ok', text: `daemon ${client.hello.daemonVersion} answers in ${Math.round(performance.now() - begun)} ms; you are ${client.hello.name || 'its administrator'} (${client.hello.role})` }]);
        tell(serverFindings(name, await client.call('server.state', {}, { signal: context.signal })));
        tell(await projectFindings(context, client, { config, server: name }));
      });
    } catch (thrown) {
      const error = asRedControlError(thrown);
      tell([{ about: `server ${name}`, level: 'fail', text: error.message, ...(error.hint ? { remedy: error.hint } : {}) }]);
    }
  }
}

function serverFindings(name: string, state: ServerState): Finding[] {
  const about = `server ${name}`;
  const disk = state.diskFreeBytes / state.diskTotalBytes;
  const memory = state.memoryFreeBytes / state.memoryTotalBytes;
  return [
    state.engineVersion === null
      ? { about, level: 'fail', text: 'Expected the Docker Engine to answer, it does not', remedy: 'On the server: systemctl status docker' }
      : { about, level: 'ok', text: `Docker ${state.engineVersion}` },
    { about, level: disk < leastDiskShare ? 'warn' : 'ok', text: `${formatBytes(state.diskFreeBytes)} of the disk free`, ...(disk < leastDiskShare ? { remedy: 'Free some: keep fewer releases and logs (keep: in redcontrol.yml), or get a larger disk.' } : {}) },
    { about, level: memory < leastMemoryShare ? 'warn' : 'ok', text: `${formatBytes(state.memoryFreeBytes)} of memory free`, ...(memory < leastMemoryShare ? { remedy: 'Lower instances or memory limits, or get more memory.' } : {}) },
  ];
}

async function projectFindings({ global, signal }: CommandContext, client: DaemonClient, { config, server }: { config: ProjectConfig | undefined; server: string }): Promise<Finding[]> {
  const projects = await client.call('project.list', {}, { signal });
  const wanted = global.project ?? config?.project;
  const found = wanted === undefined ? projects : projects.filter(({ name }) => name === wanted);
  if (wanted !== undefined && found.length === 0) return [{ about: `project ${wanted}`, level: 'warn', text: `is not on ${server} yet`, remedy: 'Bring it there: redcontrol apply' }];
  const findings = found.flatMap(stateFindings);
  if (config && found.length > 0 && client.hello.role === 'admin') {
    const known = await client.call('secret.list', { project: config.project }, { signal });
    for (const secret of missingSecrets(config, server, known)) {
      const about = secret.environment === channelSecretPlace ? 'channels' : `environment ${secret.environment}`;
      findings.push({ about, level: 'fail', text: `Expected the secret ${secret.name} to be set, it is not`, remedy: secretCommand(secret) });
    }
  }
  return findings;
}

function stateFindings({ name, source, environments, channels = [] }: ProjectState): Finding[] {
  const about = `project ${name}`;
  const findings: Finding[] = [source.state === 'unreachable'
    ? { about, level: 'fail', text: `Expected to reach the repository, got: ${source.error ?? 'no reason'}`, remedy: 'Give the deploy key to the repository\'s host: redcontrol status --json shows it.' }
    : { about, level: 'ok', text: `the repository is ${source.state === 'following' ? 'followed' : source.state}` }];
  for (const environment of environments) {
    const place = `environment ${environment.name}`;
    if (environment.health === 'down') findings.push({ about: place, level: 'fail', text: `Expected ${environment.url} to answer, it does not`, remedy: `redcontrol releases -e ${environment.name}, redcontrol rollback -e ${environment.name}` });
    else findings.push({ about: place, level: 'ok', text: environment.health === 'never' ? 'nothing was deployed yet' : `${environment.url} is ${environment.health}` });
    if (environment.certificateError) findings.push({ about: place, level: 'fail', text: `certificate: ${environment.certificateError}` });
    else if (environment.certificateDays !== null && environment.certificateDays < certificateWarningDays) findings.push({ about: place, level: 'warn', text: `the certificate ends in ${environment.certificateDays} days` });
    for (const database of [environment.database, environment.redis]) {
      if (database && database.state === 'failed') findings.push({ about: place, level: 'fail', text: `${database.engine} ${database.version}: ${database.error ?? 'failed'}` });
    }
  }
  return [...findings, ...channels.flatMap(channelFindings)];
}

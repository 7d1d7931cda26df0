import { randomBytes } from 'node:crypto';
import { asRedControlError, type Operation, type Progress, type ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { awaitsMachine, ensureEnvironmentServices, removeEnvironmentServices } from '../environment/index.ts';
import { syncJobs } from '../jobs/index.ts';
import type { MachineFacts } from '../machine/index.ts';
import { fingerprintOf, writeAuthorizedKeys } from '../people/index.ts';
import { reconcileProxy, withLock } from '../release/index.ts';
import { seal } from '../secrets/index.ts';
import { ensureDeployKey } from '../source/index.ts';
import {
  addRevision, ensureEnvironment, getDatabase, getProject, listEnvironmentNames, listPeopleRows, listPreviews, listProjects, removeEnvironment, setPeople,
} from '../store/index.ts';
import { assertBase, assertDomainsFree, planApply } from './plan-apply.ts';
import { authorizedKeysPath } from './paths.ts';
import { readConfig, readServerConfig } from './read-config.ts';

export interface ApplyRequest {
  text: string;
  /** Which of the configuration's servers this one is; left out: that of all environments. */
  server?: string | undefined;
  baseRevision: number | undefined;
  appliedBy: string;
  onProgress: (progress: Progress) => void;
  signal?: AbortSignal;
}

/** What `project.apply` of this text would do, against what is there now. */
export function planProject(daemon: DaemonContext, { text, server, machines }: Pick<ApplyRequest, 'text' | 'server'> & { machines?: MachineFacts }): { config: ProjectConfig; operations: Operation[]; baseRevision: number } {
  const config = readServerConfig(text, server);
  assertDomainsFree(config, listProjects(daemon.store).map((project) => project.config));
  const current = getProject(daemon.store, config.project);
  const stored = Object.keys(config.environments).flatMap((environment) =>
    (['database', 'redis'] as const).map((role) => getDatabase(daemon.store, config.project, environment, role)),
  );
  return { config, operations: planApply({ current: current?.applied, wanted: config, databases: stored.filter((one) => one !== undefined), machines }), baseRevision: current?.revision ?? 0 };
}

/** Stores a new revision and brings the server to it. Idempotent: the same text again makes nothing new. */
export async function applyProject(daemon: DaemonContext, request: ApplyRequest): Promise<{ config: ProjectConfig; revision: number; changed: boolean }> {
  const { project } = readConfig(request.text);
  return withLock(`apply/${project}`, async () => {
    const { config, operations, baseRevision } = planProject(daemon, request);
    assertBase(request.baseRevision, baseRevision);
    const changed = operations.some((operation) => operation.kind !== 'keep');
    const revision = changed ? storeRevision(daemon, config, request, operations) : baseRevision;
    await perform(daemon, config, request);
    return { config, revision, changed };
  });
}

function storeRevision(daemon: DaemonContext, config: ProjectConfig, request: ApplyRequest, operations: Operation[]): number {
  const summary = operations.filter((operation) => operation.kind !== 'keep').map((operation) => `${operation.kind} ${operation.target}`).join(', ').slice(0, 500);
  const number = daemon.store.transaction(() => {
    const added = addRevision(daemon.store, config.project, {
      text: request.text, config, summary, appliedBy: request.appliedBy, appliedAt: daemon.clock.now(),
      webhookSecret: seal(daemon.key, randomBytes(24).toString('base64url'), `webhook/${config.project}`),
    });
    for (const [name, environment] of Object.entries(config.environments)) {
      ensureEnvironment(daemon.store, { project: config.project, name, needsPort: environment.domain === undefined, ...(environment.port ? { port: environment.port } : {}) });
    }
    setPeople(daemon.store, config.project, config.people.map((person) => ({ fingerprint: fingerprintOf(person.key), project: config.project, name: person.name, role: person.role, key: person.key })));
    daemon.events.add({ at: daemon.clock.now(), kind: 'project.applied', project: config.project, environment: null, runId: null, text: `revision ${added} of ${config.project} applied by ${request.appliedBy}`, data: { revision: added } });
    return added;
  });
  daemon.events.flush();
  return number;
}

/** Each operation can be repeated: what is there already costs a look. */
async function perform(daemon: DaemonContext, config: ProjectConfig, request: ApplyRequest): Promise<void> {
  const step = async (operation: string, task: (say: (text: string) => void) => Promise<unknown>) => {
    request.signal?.throwIfAborted();
    request.onProgress({ operation, state: 'started', text: '' });
    try {
      await task((text) => request.onProgress({ operation, state: 'output', text }));
      request.onProgress({ operation, state: 'done', text: '' });
    } catch (thrown) {
      request.onProgress({ operation, state: 'failed', text: asRedControlError(thrown).message });
      throw thrown;
    }
  };
  await step('deploy key', () => ensureDeployKey(daemon.git, config.project));
  await step('people', () => writeAuthorizedKeys(authorizedKeysPath(daemon), listPeopleRows(daemon.store)));
  // Previews that have no place any more end at the next look.
  const previews = new Set(listPreviews(daemon.store, config.project).map(({ name }) => name));
  for (const name of listEnvironmentNames(daemon.store, config.project).filter((one) => !config.environments[one] && !previews.has(one))) {
    await step(`remove ${name}`, async () => {
      await removeEnvironmentServices(daemon, { project: config.project, environment: name }, { data: false, volumes: [] });
      daemon.store.transaction(() => removeEnvironment(daemon.store, config.project, name));
    });
  }
  for (const environment of Object.keys(config.environments)) {
    await step(`environment ${environment}`, async (say) => {
      if (awaitsMachine(daemon, config, environment)) return say('Its virtual machine is made with the first release.\n');
      await ensureEnvironmentServices(daemon, { config, environment, onOutput: say, ...(request.signal ? { signal: request.signal } : {}) });
    });
  }
  await step('jobs', async () => syncJobs(daemon, config));
  await step('proxy', () => reconcileProxy(daemon));
}

import { notYetUsed, RedControlError, type ProjectState } from '@redcontrol/contract';
import { assessServer } from '../../machine/index.ts';
import { applyProject, planProject } from '../../projects/apply-project.ts';
import { projectState } from '../../projects/project-state.ts';
import { removeProjectEverywhere } from '../../projects/remove-project.ts';
import { ensureDeployKey, listRemote, webhookPath } from '../../source/index.ts';
import { clearChannelWaits, getRevision, listOpenRuns, listProjects, listRevisions } from '../../store/index.ts';
import { unseal } from '../../secrets/index.ts';
import type { Handlers } from '../handlers.ts';
import { maySee } from './event-methods.ts';
import { knownProject } from './known-project.ts';

type ProjectMethods = 'project.plan' | 'project.apply' | 'project.list' | 'project.show' | 'project.config' | 'project.revisions' | 'project.remove' | 'source.look' | 'source.inspect' | 'webhook.show';

const inspectTimeoutMs = 20_000;

export const projectMethods: Pick<Handlers, ProjectMethods> = {
  async 'project.plan'({ daemon, params }) {
    const { config, operations, baseRevision } = planProject(daemon, { text: params.config, server: params.server, machines: await assessServer() });
    return { operations, baseRevision, notYetUsed: notYetUsed(config) };
  },

  async 'project.apply'({ daemon, parts, params, caller, signal, notify }) {
    const token = params.progressToken;
    const { config, revision, changed } = await applyProject(daemon, {
      text: params.config, server: params.server, baseRevision: params.baseRevision, appliedBy: caller.name, signal,
      onProgress: (progress) => token !== undefined && notify('progress', { token, ...progress }),
    });
    parts.followers.follow(config.project);
    if (changed) daemon.store.transaction(() => clearChannelWaits(daemon.store, config.project));
    parts.outbox.wake();
    parts.jobs.wake();
    return { revision, changed };
  },

  'project.list': ({ daemon, caller, parts }) => Promise.all(listProjects(daemon.store).filter((project) => maySee(caller, project.name)).map((project) => projectState(daemon, project, parts.followers.state(project.name)))),
  'project.show': (call): Promise<ProjectState> => projectState(call.daemon, knownProject(call), call.parts.followers.state(call.params.project)),

  'project.config'(call) {
    const number = call.params.revision ?? knownProject(call).revision;
    const revision = getRevision(call.daemon.store, call.params.project, number);
    if (!revision) throw new RedControlError('NOT_FOUND', `Expected a revision of ${call.params.project}, got ${number}`);
    return { config: revision.text, revision: number };
  },

  'project.revisions': (call) => listRevisions(call.daemon.store, knownProject(call).name),

  async 'project.remove'(call) {
    const { name } = knownProject(call);
    await call.parts.followers.stop(name);
    for (const run of listOpenRuns(call.daemon.store)) if (run.project === name) call.parts.queue.stop(run.id, 'cancelled');
    await call.parts.queue.settled();
    await removeProjectEverywhere(call.daemon, name, { data: call.params.data });
    call.parts.jobs.wake();
    return {};
  },

  async 'source.look'(call) {
    const { name } = knownProject(call);
    const before = new Set(listOpenRuns(call.daemon.store).map((run) => run.id));
    await call.parts.followers.look(name);
    return { started: listOpenRuns(call.daemon.store).filter((run) => run.project === name && !before.has(run.id)).map((run) => run.id) };
  },

  async 'source.inspect'({ daemon, params, signal }) {
    const project = params.project ?? 'inspection';
    const deployKey = await ensureDeployKey(daemon.git, project);
    const refs = await listRemote(daemon.git, { project, url: params.repository, timeoutMs: inspectTimeoutMs, signal });
    return { branches: Object.keys(refs.branches), tags: Object.keys(refs.tags), deployKey };
  },

  'webhook.show'(call) {
    const project = knownProject(call);
    return { path: webhookPath(project.name), secret: unseal(call.daemon.key, project.webhookSecret, `webhook/${project.name}`).toString('utf8') };
  },
};

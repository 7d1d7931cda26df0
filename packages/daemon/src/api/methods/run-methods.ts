import { RedControlError, type RunRecord } from '@redcontrol/contract';
import { stat } from 'node:fs/promises';
import { readLog } from '../../logs/index.ts';
import { stepLogPath } from '../../pipeline/run-context.ts';
import { runEvent } from '../../pipeline/run-event.ts';
import { resolveRef } from '../../projects/resolve-ref.ts';
import { addRun, failedTestsOf, findRunOfCommit, getProject, getRun, listReleases, listRuns, listSteps, pauseOf, publicRelease, type NewRun, type StoredRun } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';
import type { Call } from '../serve-connection.ts';
import { maySee } from './event-methods.ts';

export const runMethods: Pick<Handlers, 'run.list' | 'run.show' | 'run.cancel' | 'run.retry' | 'run.wait' | 'deploy' | 'log.read' | 'release.list'> = {
  'run.list': ({ daemon, params, caller }) =>
    listRuns(daemon.store, { limit: params.limit, ...(params.project ? { project: params.project } : {}), ...(params.before ? { before: params.before } : {}) })
      .filter((run) => maySee(caller, run.project))
      .map(publicRun),

  'run.show'(call) {
    const run = visibleRun(call);
    return { ...publicRun(run), steps: listSteps(call.daemon.store, run.id), failedTests: failedTestsOf(call.daemon.store, run.id) };
  },

  'run.cancel'(call) {
    const run = visibleRun(call);
    if (!call.parts.queue.stop(run.id, 'cancelled')) throw new RedControlError('CONFLICT', `Expected a run that is under way, run ${run.id} is ${run.status}`);
    return publicRun(getRun(call.daemon.store, run.id)!);
  },

  'run.retry'(call) {
    const run = visibleRun(call);
    if (run.finishedAt === null) throw new RedControlError('CONFLICT', `Expected a run with a verdict, run ${run.id} is ${run.status}`);
    for (const environment of run.environments) assertNotPaused(call.daemon, { project: run.project, environment });
    return queueRun(call, { ...run, trigger: 'retry', startedBy: call.caller.name, revision: getProject(call.daemon.store, run.project)?.revision ?? run.revision });
  },

  async 'run.wait'({ daemon, params, signal }) {
    const until = daemon.clock.now() + params.timeoutMs;
    for (;;) {
      const run = findRunOfCommit(daemon.store, params.project, params.commit);
      if (run?.finishedAt) return publicRun(run);
      if (daemon.clock.now() >= until) return run ? publicRun(run) : null;
      await nextEvent(daemon, until - daemon.clock.now(), signal);
    }
  },

  async deploy(call) {
    const { daemon, params, caller } = call;
    const project = getProject(daemon.store, params.project);
    if (!project?.config.environments[params.environment]) throw new RedControlError('NOT_FOUND', `Expected an environment of ${params.project}, got ${params.environment}`, { hint: project ? `It has ${Object.keys(project.config.environments).join(', ')}.` : 'See `redcontrol status`.' });
    assertNotPaused(daemon, params);
    const target = await resolveRef(daemon, project, params.ref);
    return queueRun(call, { ...target, project: params.project, trigger: 'manual', environments: [params.environment], revision: project.revision, startedBy: caller.name });
  },

  async 'log.read'(call) {
    const run = visibleRun(call);
    const step = listSteps(call.daemon.store, run.id)[call.params.step];
    if (!step) throw new RedControlError('NOT_FOUND', `Expected a step of run ${run.id}, got ${call.params.step}`);
    const path = stepLogPath(call.daemon, run.id, step);
    const exists = await stat(path).then(() => true, () => false);
    if (!exists) return { data: '', nextOffset: call.params.offset, totalBytes: 0, closed: step.finishedAt !== null, sha256: step.logSha256 };
    const { data, nextOffset, totalBytes } = await readLog(path, call.params.offset, call.params.limit);
    return { data: data.toString('base64'), nextOffset, totalBytes, closed: step.finishedAt !== null, sha256: step.logSha256 };
  },

  'release.list': ({ daemon, params }) => listReleases(daemon.store, params).map(publicRelease),
};

function assertNotPaused({ store }: Call['daemon'], owner: { project: string; environment: string }): void {
  const pause = pauseOf(store, owner);
  if (pause) throw new RedControlError('CONFLICT', `Expected deployments to ${owner.environment} to be possible, got a pause by ${pause.by}`, { hint: `Resume them first: redcontrol resume -e ${owner.environment}` });
}

/** A run of a project that the caller may see and, for what the method needs, act in. */
function visibleRun(call: Call<'run.show'> | Call<'run.cancel'> | Call<'run.retry'> | Call<'log.read'>): StoredRun {
  const run = getRun(call.daemon.store, call.params.run);
  if (run && maySee(call.caller, run.project)) {
    call.authorizeFor(run.project);
    return run;
  }
  throw new RedControlError('NOT_FOUND', `Expected a run, got ${call.params.run}`, { hint: 'See `redcontrol runs`.' });
}

/** Stores a run and lets the queue look at it. */
export function queueRun({ daemon, parts }: Pick<Call, 'daemon' | 'parts'>, run: Omit<NewRun, 'createdAt' | 'rollbackTo' | 'rollbackBackup'> & { rollbackTo?: number | null; rollbackBackup?: number | null }): RunRecord {
  const { rollbackTo, rollbackBackup, ...rest } = run;
  const added = daemon.store.transition('run.queued', () => {
    const { run: stored } = addRun(daemon.store, { ...rest, createdAt: daemon.clock.now(), ...(rollbackTo ? { rollbackTo } : {}), ...(rollbackBackup ? { rollbackBackup } : {}) });
    daemon.events.add(runEvent(daemon, stored, 'run.queued', `queued by ${stored.startedBy}`));
    return stored;
  });
  daemon.events.flush();
  parts.queue.wake();
  return publicRun(added);
}

function publicRun({ rollbackTo: _rollbackTo, rollbackBackup: _rollbackBackup, ...run }: StoredRun): RunRecord {
  return run;
}

function nextEvent(daemon: Call['daemon'], timeoutMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      stopListening();
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      end();
      reject(signal.reason);
    };
    const finish = () => {
      end();
      resolve();
    };
    const timer = setTimeout(finish, timeoutMs);
    const stopListening = daemon.events.listen(finish);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

import { withPreviews, type ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import type { RunQueue } from '../pipeline/queue.ts';
import { runEvent } from '../pipeline/run-event.ts';
import { branchCommitsToKnow, planRuns, type PlannedRun } from '../rules/index.ts';
import { reachableTags, readCommit, type CommitInfo, type ListedRefs, type RefChange } from '../source/index.ts';
import { addPushedPreviews, planPushed } from '../preview/index.ts';
import { addRun, getProject, listOpenRuns, listPreviews, pauseOf } from '../store/index.ts';

export interface SeenChanges {
  project: string;
  changes: RefChange[];
  refs: ListedRefs;
  firstLook: boolean;
  signal: AbortSignal;
}

/**
 * What a look's changes start. Everything that takes time is found out here; the returned function only writes, inside
 * the transaction that stores the refs, so that no push is lost and none starts twice.
 */
export async function planQueue(daemon: DaemonContext, queue: RunQueue, seen: SeenChanges): Promise<() => void> {
  const stored = getProject(daemon.store, seen.project);
  if (!stored) return () => {};
  const { applied, revision } = stored;
  // At a first look nobody has just pushed the branches that are there.
  const previews = seen.firstLook ? [] : planPushed(applied, pushedBranches(seen.changes), listPreviews(daemon.store, seen.project));
  const config = withPreviews(stored.config, previews);
  const isReachable = await reachableTags(daemon.git, seen.project, branchCommitsToKnow({ config, ...seen }), seen.signal);
  const plan = planRuns({ config, isReachable, ...seen });
  const runs = await Promise.all(plan.runs.map(async (run) => ({ run, commit: await readCommit(daemon.git, seen.project, run.commit) })));
  return () => {
    for (const note of plan.notes) daemon.log.info(`${seen.project}: ${note.text}`);
    const gone = listOpenRuns(daemon.store).filter((run) => run.project === seen.project && run.status === 'queued' && plan.cancelRefs.some((ref) => ref.name === run.ref && ref.kind === run.refKind));
    const replaced: number[] = [];
    addPushedPreviews(daemon, config, previews);
    for (const { run, commit } of runs) replaced.push(...addPlannedRun(daemon, { config, revision, run, commit }));
    // Stopping writes its own transaction, so it comes after this one.
    setImmediate(() => {
      for (const run of gone) queue.stop(run.id, 'cancelled');
      if (config.source.cancelRunning) for (const id of overtaken(daemon, seen.project, replaced)) queue.stop(id, 'superseded');
      queue.wake();
    });
  };
}

function pushedBranches(changes: readonly RefChange[]): string[] {
  return changes.filter(({ kind, after }) => kind === 'branch' && after !== undefined).map(({ name }) => name);
}

/** Adds the run in the caller's transaction; answers the ids of runs of the same branch that are under way. */
function addPlannedRun(daemon: DaemonContext, planned: { config: ProjectConfig; revision: number; run: PlannedRun; commit: CommitInfo }): number[] {
  const { config, revision, run, commit } = planned;
  const at = daemon.clock.now();
  const paused = run.environments.filter((environment) => pauseOf(daemon.store, { project: config.project, environment }));
  const underWay = listOpenRuns(daemon.store).filter((other) => other.project === config.project && other.ref === run.ref && other.status !== 'queued').map((other) => other.id);
  const added = addRun(daemon.store, {
    project: config.project, trigger: run.trigger, ref: run.ref, refKind: run.refKind, commit: run.commit, message: commit.message,
    author: commit.author, authorEmail: commit.authorEmail, environments: run.environments.filter((environment) => !paused.includes(environment)), revision, startedBy: commit.author, createdAt: at,
  });
  daemon.events.add(runEvent(daemon, added.run, 'run.queued', `queued: ${run.reason}${paused.length > 0 ? ` Not deployed to ${paused.join(', ')}: paused.` : ''}`));
  for (const id of added.superseded) daemon.events.add({ ...runEvent(daemon, added.run, 'run.superseded', ''), runId: id, text: `run ${id} was overtaken by run ${added.run.id}` });
  return underWay;
}

function overtaken(daemon: DaemonContext, project: string, ids: number[]): number[] {
  const open = new Set(listOpenRuns(daemon.store).filter((run) => run.project === project).map((run) => run.id));
  return ids.filter((id) => open.has(id));
}

import { parseSchedule } from '@redcontrol/system';
import type { DaemonContext } from '../context.ts';
import {
  addIdleJobRun, addJobRun, getJob, getProject, listDueJobs, listOpenJobRuns, liveRelease, setJobNext, setJobRunCancelled,
  type NewJobRun, type StoredJob, type StoredJobRun,
} from '../store/index.ts';
import { jobSpec } from './job-wishes.ts';
import { planDue, type DuePlan } from './plan-due.ts';

/** So many starts of one job may be open at a time where it allows overlaps. */
const maxOpenOfJob = 5;

/** Writes down a start for every job whose time has come, and what was missed; answers the starts that have to end for it. */
export function startDue(daemon: DaemonContext): StoredJobRun[] {
  const now = daemon.clock.now();
  const replaced: StoredJobRun[] = [];
  for (const listed of listDueJobs(daemon.store, now)) {
    const plan = planDue(parseSchedule(listed.cron, listed.timeZone), listed.nextAt ?? now, now);
    daemon.store.transition(plan.missed ? 'job.missed' : 'job.due', () => {
      const job = getJob(daemon.store, listed);
      if (!job || job.nextAt !== listed.nextAt) return;
      setJobNext(daemon.store, job, plan.nextAt);
      replaced.push(...carryOut(daemon, job, plan));
    });
  }
  daemon.events.flush();
  return replaced;
}

function carryOut(daemon: DaemonContext, job: StoredJob, plan: DuePlan): StoredJobRun[] {
  const definition = getProject(daemon.store, job.project)?.config.jobs[job.name];
  // Before the first release there is nothing that could run, and nobody who misses it.
  if (!definition || !liveRelease(daemon.store, job.project, job.environment)) return [];
  const start = { project: job.project, environment: job.environment, name: job.name, spec: jobSpec(definition), startedBy: '' };
  const isMadeUpFor = plan.missed !== undefined && plan.dueAt === undefined && definition.missed === 'run-once';
  if (plan.missed) noteMissed(daemon, { ...start, trigger: 'schedule', dueAt: plan.missed.lastAt }, plan.missed, isMadeUpFor);
  if (plan.dueAt !== undefined) return addStart(daemon, { ...start, trigger: 'schedule', dueAt: plan.dueAt });
  return isMadeUpFor ? addStart(daemon, { ...start, trigger: 'missed', dueAt: daemon.clock.now() }) : [];
}

function noteMissed(daemon: DaemonContext, run: NewJobRun, missed: NonNullable<DuePlan['missed']>, isMadeUpFor: boolean): void {
  const now = daemon.clock.now();
  addIdleJobRun(daemon.store, run, { status: 'missed', missedCount: missed.count, at: now });
  const often = missed.count === 1 ? 'was missed' : `was missed ${missed.count} times`;
  daemon.events.add({
    at: now, kind: 'job.missed', project: run.project, environment: run.environment, runId: null,
    text: `job ${run.name} of ${run.environment} ${often}, last at ${new Date(missed.lastAt).toISOString()}${isMadeUpFor ? '; it runs now' : ''}`,
    data: { job: run.name, ...missed, runsNow: isMadeUpFor },
  });
}

/** Adds a start by the job's rule for overlaps, inside the caller's transaction. Answers what it replaces. */
export function addStart(daemon: Pick<DaemonContext, 'store' | 'clock'>, run: NewJobRun): StoredJobRun[] {
  const open = listOpenJobRuns(daemon.store, run);
  const isSkipped = (run.spec.overlap === 'skip' && open.length > 0) || (run.spec.overlap === 'allow' && open.length >= maxOpenOfJob);
  if (isSkipped) {
    addIdleJobRun(daemon.store, run, { status: 'skipped', missedCount: 0, at: daemon.clock.now() });
    return [];
  }
  addJobRun(daemon.store, run);
  if (run.spec.overlap !== 'replace') return [];
  for (const one of open) setJobRunCancelled(daemon.store, one.id, 'the next start');
  return open;
}

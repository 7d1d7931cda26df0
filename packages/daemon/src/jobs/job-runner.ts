import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { inspectContainer, removeContainer } from '../engine/index.ts';
import { engineOf } from '../environment/index.ts';
import { addJobRun, getJob, getJobRun, listOpenJobRuns, nextJobAt, setJobRunCancelled, type JobOwner, type JobSpec, type StoredJobRun } from '../store/index.ts';
import { failedStart, finishAttempt } from './finish-attempt.ts';
import { jobContainerName, runAttempt, type AttemptEnd } from './run-attempt.ts';
import { startDue } from './start-due.ts';

/** Starts jobs when they are due and sees each start to its end. All it knows is in the store. */
export interface JobRunner {
  /** Looks at what is due now; called after anything that may have changed it. */
  wake(): void;
  /** Starts a job now. Throws CONFLICT when it runs and must not run twice. */
  runNow(owner: JobOwner, start: { spec: JobSpec; by: string }): StoredJobRun;
  /** Stops one open start with all its processes, or all of the job; answers them as they are after it is written down. */
  cancel(owner: JobOwner, options: { by: string; start?: number | undefined }): StoredJobRun[];
  /** Stops looking; what runs runs on, and the next daemon finds it. */
  close(): Promise<void>;
}

interface Attended {
  run: StoredJobRun;
  cancelled: AbortController;
  done: Promise<void>;
}

/** The clock of the server may be put forward, or it may sleep: so often is looked whatever the next time. */
const longestSleepMs = 15_000;

export function createJobRunner(daemon: DaemonContext, options: { concurrency: number }): JobRunner {
  const attended = new Map<number, Attended>();
  const shutdown = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const look = () => {
    clearTimeout(timer);
    if (shutdown.signal.aborted) return;
    try {
      for (const run of [...startDue(daemon), ...cancelUnwanted(daemon)]) attended.get(run.id)?.cancelled.abort();
      const open = listOpenJobRuns(daemon.store);
      // Of a project that was removed nothing is stored any more.
      for (const [id, one] of attended) if (!open.some((run) => run.id === id)) one.cancelled.abort();
      const now = daemon.clock.now();
      for (const run of open) if (!attended.has(run.id) && mayStart(run, { open, now, free: options.concurrency - attended.size })) attend(run);
      const times = [nextJobAt(daemon.store), ...open.filter((run) => run.notBefore > now).map((run) => run.notBefore)].filter((at) => at !== undefined);
      timer = setTimeout(look, Math.min(Math.max(Math.min(...times) - daemon.clock.now(), 5), longestSleepMs));
    } catch (error) {
      daemon.log.error('jobs could not be looked at', error);
      timer = setTimeout(look, longestSleepMs);
    }
  };

  const attend = (run: StoredJobRun) => {
    const cancelled = new AbortController();
    if (run.cancelledBy !== null) cancelled.abort();
    const done = attendJobRun(daemon, run, { cancelled: cancelled.signal, shutdown: shutdown.signal })
      .catch((error: unknown) => daemon.log.error(`job ${run.job} broke off`, error))
      .finally(() => {
        attended.delete(run.id);
        setImmediate(look);
      });
    attended.set(run.id, { run, cancelled, done });
  };

  setImmediate(look);
  return {
    wake: look,
    runNow(owner, { spec, by }) {
      const now = daemon.clock.now();
      const { run, replaced } = daemon.store.transition('job.due', () => {
        const open = listOpenJobRuns(daemon.store, owner);
        if (spec.overlap === 'skip' && open.length > 0) throw new RedControlError('CONFLICT', `Expected job ${owner.name} not to run, start ${open[0]!.id} is ${open[0]!.status}`, { hint: `Wait, or stop it: redcontrol job cancel ${owner.name} -e ${owner.environment}` });
        if (spec.overlap === 'replace') for (const one of open) setJobRunCancelled(daemon.store, one.id, by);
        return { run: addJobRun(daemon.store, { ...owner, spec, trigger: 'manual', startedBy: by, dueAt: now }), replaced: spec.overlap === 'replace' ? open : [] };
      });
      for (const one of replaced) attended.get(one.id)?.cancelled.abort();
      look();
      return run;
    },
    cancel(owner, { by, start }) {
      const wanted = daemon.store.transition('job.cancelling', () => {
        const open = listOpenJobRuns(daemon.store, owner).filter((run) => start === undefined || run.id === start);
        for (const run of open) setJobRunCancelled(daemon.store, run.id, by);
        return open;
      });
      for (const run of wanted) attended.get(run.id)?.cancelled.abort();
      look();
      return wanted.map((run) => getJobRun(daemon.store, run.id)!);
    },
    async close() {
      shutdown.abort();
      clearTimeout(timer);
      await Promise.all([...attended.values()].map(({ done }) => done));
    },
  };
}

/** Starts of jobs that the configuration no longer has end. */
function cancelUnwanted(daemon: DaemonContext): StoredJobRun[] {
  const unwanted = listOpenJobRuns(daemon.store).filter((run) => run.cancelledBy === null && !getJob(daemon.store, { project: run.project, environment: run.environment, name: run.job }));
  if (unwanted.length > 0) daemon.store.transition('job.cancelling', () => unwanted.forEach((run) => setJobRunCancelled(daemon.store, run.id, 'the configuration')));
  return unwanted;
}

/** What runs already is found again first; of a job that must not overlap the next start waits for the end of the one before. */
function mayStart(run: StoredJobRun, { open, now, free }: { open: readonly StoredJobRun[]; now: number; free: number }): boolean {
  if (run.status === 'running' || run.cancelledBy !== null) return true;
  if (run.notBefore > now || free <= 0) return false;
  return run.spec.overlap === 'allow' || !open.some((other) => other.id < run.id && other.project === run.project && other.environment === run.environment && other.job === run.job);
}

/** From where the start stands to the end of its attempt, which is written; then the container goes. */
async function attendJobRun(daemon: DaemonContext, listed: StoredJobRun, signals: { cancelled: AbortSignal; shutdown: AbortSignal }): Promise<void> {
  // Since the list was read it may have been cancelled.
  const run = getJobRun(daemon.store, listed.id) ?? listed;
  const end = await attemptOf(daemon, run, signals);
  if (!end) return;
  await finishAttempt(daemon, getJobRun(daemon.store, run.id) ?? run, end);
  await removeContainer(engineOf(daemon, run), jobContainerName(daemon, run));
}

async function attemptOf(daemon: DaemonContext, run: StoredJobRun, signals: { cancelled: AbortSignal; shutdown: AbortSignal }): Promise<AttemptEnd | undefined> {
  try {
    const isBegun = run.status === 'running' || (await inspectContainer(engineOf(daemon, run), jobContainerName(daemon, run))) !== undefined;
    if (run.cancelledBy !== null && !isBegun) return { outcome: 'cancelled', exitCode: null, error: undefined, log: { bytes: run.logBytes, sha256: run.logSha256 } };
    return await runAttempt(daemon, run, signals);
  } catch (thrown) {
    return failedStart(run, thrown);
  }
}

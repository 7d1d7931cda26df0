import { asRedControlError, formatDurationMs, RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { endJobRun, getJob, retryJobRun, setJobFailing, type JobOwner, type StoredJobRun } from '../store/index.ts';
import { jobLogPath, lastLogLines } from './job-log.ts';
import type { AttemptEnd } from './run-attempt.ts';

const firstRetryMs = 10_000;
const longestRetryMs = 600_000;

/** Milliseconds before the attempt after this one: 10 s, 20 s, 40 s …, at most 10 min. */
export function retryWaitMs(attempt: number): number {
  return Math.min(firstRetryMs * 2 ** (attempt - 1), longestRetryMs);
}

/** An attempt that could not even begin, as its end. */
export function failedStart(run: StoredJobRun, thrown: unknown): AttemptEnd {
  return { outcome: 'exited', exitCode: null, error: asRedControlError(thrown), log: { bytes: run.logBytes, sha256: run.logSha256 } };
}

/**
 * Writes the end of an attempt: another one follows, or the start has its end. A failure is told when the job was well
 * before, a success when it was not: one notice a trouble, however often the job comes.
 */
export async function finishAttempt(daemon: DaemonContext, run: StoredJobRun, end: AttemptEnd): Promise<void> {
  const owner = { project: run.project, environment: run.environment, name: run.job };
  const now = daemon.clock.now();
  const error = end.outcome === 'timed-out' ? new RedControlError('JOB_TIMEOUT', `Expected job ${run.job} to end within ${formatDurationMs(run.spec.timeoutMs)}, it was stopped`, { hint: 'Give it a longer `timeout`, or let it do less at a time.' }) : end.error;
  if (error && end.outcome !== 'cancelled' && run.attempt <= run.spec.retries) {
    daemon.store.transition('job.retried', () => retryJobRun(daemon.store, run.id, { notBefore: now + retryWaitMs(run.attempt), exitCode: end.exitCode, logBytes: end.log.bytes }));
    return;
  }
  const status = end.outcome === 'cancelled' ? 'cancelled' : end.outcome === 'timed-out' ? 'timed-out' : error ? 'failed' : 'succeeded';
  const lastLines = error ? await lastLogLines(jobLogPath(daemon, run.id)) : '';
  daemon.store.transition('job.ended', () => {
    const isMine = endJobRun(daemon.store, run.id, { status, exitCode: end.exitCode, error: error?.toJSON() ?? null, log: end.log, at: now });
    if (isMine && status !== 'cancelled') tell(daemon, owner, { run, error, lastLines });
  });
  daemon.events.flush();
  if (error) daemon.log.info(`job ${run.job} of ${run.project}/${run.environment}: ${status} ${error.code}: ${error.message}`);
}

function tell(daemon: DaemonContext, owner: JobOwner, { run, error, lastLines }: { run: StoredJobRun; error: RedControlError | undefined; lastLines: string }): void {
  const job = getJob(daemon.store, owner);
  if (!job || job.failing === (error !== undefined)) return;
  setJobFailing(daemon.store, owner, error ? 1 : 0);
  daemon.events.add({
    at: daemon.clock.now(), kind: error ? 'job.failed' : 'job.recovered', project: run.project, environment: run.environment, runId: null,
    text: error ? `job ${run.job} of ${run.environment} failed: ${error.message}` : `job ${run.job} of ${run.environment} is well again`,
    data: { job: run.job, start: run.id, attempt: run.attempt, error: error?.toJSON() ?? null, lastLines },
  });
}

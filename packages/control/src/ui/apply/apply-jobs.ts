import { asRedControlError, RedControlError, type ApplyJob, type ApplyStep, type Progress } from '@redcontrol/contract';
import { systemClock } from '@redcontrol/system';
import type { UsualTimes } from './usual-times.ts';

/** Jobs that are remembered; older ones are forgotten. */
const maxJobs = 20;
/** The end of an operation's output that the page shows. */
const maxOutputCharacters = 4_000;
const tellEveryMs = 100;

export interface ApplyReport {
  /** Adds operations that are to be done on a server. */
  plan(server: string, operations: readonly { id: string; description: string }[]): void;
  progress(server: string, progress: Progress): void;
}

export type ApplyWork = (report: ApplyReport, signal: AbortSignal) => Promise<void>;

/** Applying under way: it goes on when the page is closed or loaded again, and one project is applied once at a time. */
export interface ApplyJobs {
  /** Throws CONFLICT while the same file is being applied. */
  start(path: string, work: ApplyWork): ApplyJob;
  show(id: number): ApplyJob;
  cancel(id: number): ApplyJob;
  list(): ApplyJob[];
  close(): Promise<void>;
}

interface Running {
  job: ApplyJob;
  stop: AbortController;
  ended: Promise<void>;
}

export function createApplyJobs(notify: (job: ApplyJob) => void, times: UsualTimes): ApplyJobs {
  const jobs = new Map<number, Running>();
  let lastId = 0;
  const get = (id: number): Running => {
    const running = jobs.get(id);
    if (running) return running;
    throw new RedControlError('NOT_FOUND', `Expected a known apply, got number ${id}`);
  };
  return {
    start(path, work) {
      if ([...jobs.values()].some(({ job }) => job.path === path && job.state === 'running')) {
        throw new RedControlError('CONFLICT', 'Expected this project not to be applied at the moment, it is', { hint: 'Wait for it, or cancel it.' });
      }
      const job: ApplyJob = { id: (lastId += 1), path, state: 'running', startedAt: systemClock.now(), finishedAt: null, steps: [], error: null };
      const stop = new AbortController();
      const ended = run({ job, work, signal: stop.signal, notify, times });
      jobs.set(job.id, { job, stop, ended });
      if (jobs.size > maxJobs) jobs.delete([...jobs.keys()][0]!);
      return structuredClone(job);
    },
    show: (id) => structuredClone(get(id).job),
    cancel(id) {
      const { job, stop } = get(id);
      stop.abort();
      return structuredClone(job);
    },
    list: () => [...jobs.values()].map(({ job }) => structuredClone(job)),
    async close() {
      for (const { stop } of jobs.values()) stop.abort();
      await Promise.all([...jobs.values()].map(({ ended }) => ended));
    },
  };
}

async function run({ job, work, signal, notify, times }: { job: ApplyJob; work: ApplyWork; signal: AbortSignal; notify: (job: ApplyJob) => void; times: UsualTimes }): Promise<void> {
  const teller = tellSometimes(() => notify(job));
  try {
    await work({
      plan(server, operations) {
        job.steps.push(...operations.map(({ id, description }): ApplyStep => ({ id, server, description, state: 'waiting', startedAt: null, finishedAt: null, usualMs: times.of(id), output: '' })));
        teller.soon();
      },
      progress(server, progress) {
        noteProgress(job, { server, progress, times });
        teller.soon();
      },
    }, signal);
    job.state = 'succeeded';
    // The daemon tells of its work in parts of its own; with the whole done, so is all that was planned.
    for (const step of job.steps) if (step.state === 'waiting') step.state = 'done';
  } catch (thrown) {
    const error = asRedControlError(thrown);
    job.state = signal.aborted || error.code === 'CANCELLED' ? 'cancelled' : 'failed';
    job.error = job.state === 'cancelled' ? null : { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) };
    for (const step of job.steps) if (step.state === 'started') step.state = job.state === 'cancelled' ? 'waiting' : 'failed';
  } finally {
    job.finishedAt = systemClock.now();
    teller.now();
    await times.save().catch(() => {});
  }
}

function noteProgress(job: ApplyJob, { server, progress: { operation, state, text }, times }: { server: string; progress: Progress; times: UsualTimes }): void {
  const now = systemClock.now();
  let step = job.steps.find((one) => one.server === server && one.id === operation);
  if (!step) {
    // The daemon may find more to do than was planned, e.g. after a change in between.
    step = { id: operation, server, description: text || operation, state: 'waiting', startedAt: null, finishedAt: null, usualMs: times.of(operation), output: '' };
    job.steps.push(step);
  }
  if (state === 'output') step.output = `${step.output}${text}\n`.slice(-maxOutputCharacters);
  else step.state = state;
  if (state === 'started') Object.assign(step, { startedAt: now, output: '' });
  if (state === 'done' || state === 'failed' || state === 'skipped') step.finishedAt = now;
  if (state === 'done' && step.startedAt !== null) times.note(operation, now - step.startedAt);
  if (state === 'failed' && text) step.output = `${step.output}${text}\n`.slice(-maxOutputCharacters);
}

/** Output comes in bursts: the page is told at most ten times a second. */
function tellSometimes(tell: () => void): { soon(): void; now(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    soon: () => void (timer ??= setTimeout(() => {
      timer = undefined;
      tell();
    }, tellEveryMs)),
    now() {
      clearTimeout(timer);
      tell();
    },
  };
}

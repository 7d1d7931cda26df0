import { isJobRunOver, RedControlError, type Job } from '@redcontrol/contract';
import { parseSchedule } from '@redcontrol/system';
import { stat } from 'node:fs/promises';
import { jobLogPath, jobSpec, jobStateOf, jobStates } from '../../jobs/index.ts';
import { readLog } from '../../logs/index.ts';
import { getJob, getJobRun, getProject, listJobRuns, listJobs, liveRelease, publicJobRun, setJobPause, type StoredJob, type StoredJobRun } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';
import type { Call } from '../serve-connection.ts';

type JobMethods = 'job.list' | 'job.history' | 'job.run' | 'job.pause' | 'job.resume' | 'job.cancel' | 'job.log';
type OfJob = Pick<Call, 'daemon'> & { params: { project: string; environment: string; job: string } };

const lookEveryMs = 200;

export const jobMethods: Pick<Handlers, JobMethods> = {
  'job.list': ({ daemon, params }) => jobStates(daemon, params.project, params.environment),

  'job.history': (call) => listJobRuns(call.daemon.store, ownerOf(call), { limit: call.params.limit, ...(call.params.before ? { before: call.params.before } : {}) }).map(publicJobRun),

  'job.run'(call) {
    const { definition } = knownJob(call);
    const owner = ownerOf(call);
    if (!liveRelease(call.daemon.store, owner.project, owner.environment)) throw new RedControlError('CONFLICT', `Expected a live release of ${owner.environment}, nothing is deployed yet`, { hint: `redcontrol deploy -e ${owner.environment}` });
    return publicJobRun(call.parts.jobs.runNow(owner, { spec: jobSpec(definition), by: call.caller.name }));
  },

  'job.pause'(call) {
    const { job } = knownJob(call);
    call.daemon.store.transaction(() => {
      if (job.pausedAt === null) setJobPause(call.daemon.store, job, { by: call.caller.name, at: call.daemon.clock.now() });
    });
    return stateOf(call);
  },

  'job.resume'(call) {
    const { job } = knownJob(call);
    const nextAt = parseSchedule(job.cron, job.timeZone).next(call.daemon.clock.now()) ?? null;
    call.daemon.store.transaction(() => {
      if (job.pausedAt !== null) setJobPause(call.daemon.store, job, { nextAt });
    });
    call.parts.jobs.wake();
    return stateOf(call);
  },

  'job.cancel'(call) {
    const { start } = call.params;
    const cancelled = call.parts.jobs.cancel(ownerOf(call), { by: call.caller.name, start });
    if (cancelled.length === 0) throw new RedControlError('CONFLICT', `Expected a start of ${call.params.job} that is under way, ${start === undefined ? 'there is none' : `start ${start} is not`}`);
    return cancelled.map(publicJobRun);
  },

  async 'job.log'(call) {
    const { offset, limit, waitMs } = call.params;
    const path = jobLogPath(call.daemon, startOf(call).id);
    const until = call.daemon.clock.now() + waitMs;
    for (;;) {
      // Read before the log, so that the end of a start is never told before its last line.
      const run = startOf(call);
      const size = await stat(path).then((found) => found.size, () => 0);
      if (size > offset || isJobRunOver(run.status) || call.daemon.clock.now() >= until) {
        const part = size === 0 ? { data: Buffer.alloc(0), nextOffset: offset, totalBytes: 0 } : await readLog(path, offset, limit);
        return { ...part, data: part.data.toString('base64'), closed: isJobRunOver(run.status), run: publicJobRun(run) };
      }
      await call.daemon.clock.sleep(lookEveryMs, call.signal);
    }
  },
};

function ownerOf({ params }: OfJob) {
  return { project: params.project, environment: params.environment, name: params.job };
}

function knownJob(call: OfJob): { job: StoredJob; definition: Job } {
  const { daemon, params } = call;
  const job = getJob(daemon.store, ownerOf(call));
  const definition = getProject(daemon.store, params.project)?.config.jobs[params.job];
  if (job && definition) return { job, definition };
  const names = listJobs(daemon.store, params.project).filter((one) => one.environment === params.environment).map((one) => one.name);
  throw new RedControlError('NOT_FOUND', `Expected a job of ${params.project}/${params.environment}, got ${params.job}`, { hint: names.length > 0 ? `It has ${names.join(', ')}.` : 'It has none: name one under `jobs` and apply.' });
}

function stateOf(call: OfJob) {
  return jobStateOf(call.daemon, knownJob(call).job)!;
}

function startOf(call: Call<'job.log'>): StoredJobRun {
  const { params, daemon } = call;
  const run = getJobRun(daemon.store, params.start);
  if (run && run.project === params.project && run.environment === params.environment && run.job === params.job) return run;
  throw new RedControlError('NOT_FOUND', `Expected a start of job ${params.job}, got ${params.start}`, { hint: `See \`redcontrol job history ${params.job} -e ${params.environment}\`.` });
}

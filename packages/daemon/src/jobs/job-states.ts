import type { JobState } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { getProject, listJobRuns, listJobs, listOpenJobRuns, liveRelease, publicJobRun, type StoredJob } from '../store/index.ts';

/** The jobs of a project, or of one environment, as people see them. */
export function jobStates(daemon: Pick<DaemonContext, 'store'>, project: string, environment?: string): JobState[] {
  return listJobs(daemon.store, project)
    .filter((job) => environment === undefined || job.environment === environment)
    .flatMap((job) => jobStateOf(daemon, job) ?? []);
}

export function jobStateOf({ store }: Pick<DaemonContext, 'store'>, job: StoredJob): JobState | undefined {
  const definition = getProject(store, job.project)?.config.jobs[job.name];
  if (!definition) return undefined;
  const [last] = listJobRuns(store, job, { limit: 1 });
  const isDeployed = liveRelease(store, job.project, job.environment) !== undefined;
  return {
    project: job.project, environment: job.environment, name: job.name, command: definition.run, cron: job.cron, timeZone: job.timeZone, overlap: definition.overlap,
    state: job.pausedAt !== null ? 'paused' : job.failing ? 'failing' : last ? 'ok' : 'waiting',
    pausedBy: job.pausedBy, pausedAt: job.pausedAt, nextAt: isDeployed ? job.nextAt : null,
    open: listOpenJobRuns(store, job).length, last: last ? publicJobRun(last) : null,
  };
}

import { asRedControlError, isJobRunOver, parseDurationMs } from '@redcontrol/contract';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DaemonContext } from '../context.ts';
import { listContainers, removeContainer } from '../engine/index.ts';
import { allEngines } from '../environment/index.ts';
import { getJobRun, listProjects, removeOldJobRuns } from '../store/index.ts';
import { jobLogPath, removeJobLog } from './job-log.ts';
import { jobContainerName } from './run-attempt.ts';
import { syncJobs } from './sync-jobs.ts';

/** After a start: times as the configurations say, and no container of a start that has its end. */
export async function recoverJobs(daemon: DaemonContext): Promise<void> {
  for (const project of listProjects(daemon.store)) {
    try {
      syncJobs(daemon, project.config);
    } catch (error) {
      daemon.log.error(`the jobs of ${project.name} have no times`, asRedControlError(error));
    }
  }
  for (const engine of allEngines(daemon)) {
    for (const container of await listContainers(engine, { role: 'job' }).catch(() => [])) {
      const run = getJobRun(daemon.store, Number(container.labels['redcontrol.run']));
      if (!run || isJobRunOver(run.status) || jobContainerName(daemon, run) !== container.name) await removeContainer(engine, container.id);
    }
  }
}

/** Ends of jobs that are too many or too old go, with their logs; and logs of which nobody knows. */
export async function collectJobs(daemon: DaemonContext): Promise<void> {
  for (const { name, config } of listProjects(daemon.store)) {
    const endedBefore = daemon.clock.now() - parseDurationMs(config.keep.logs);
    const removed = daemon.store.transaction(() => removeOldJobRuns(daemon.store, { project: name, count: config.keep.jobRuns, endedBefore }));
    for (const id of removed) await removeJobLog(daemon, id);
  }
  const kept = await readdir(dirname(dirname(jobLogPath(daemon, 1)))).catch(() => []);
  for (const name of kept) if (/^\d+$/.test(name) && !getJobRun(daemon.store, Number(name))) await removeJobLog(daemon, Number(name));
}

import type { ProjectConfig } from '@redcontrol/contract';
import { parseSchedule } from '@redcontrol/system';
import type { DaemonContext } from '../context.ts';
import { getJob, listJobs, removeJob, setJob } from '../store/index.ts';
import { jobWishes } from './job-wishes.ts';

/**
 * Brings the stored times to what a configuration asks for, in one transaction. A job whose line and zone are as before
 * keeps its next time, also one that is over: what was missed is found by it.
 */
export function syncJobs(daemon: Pick<DaemonContext, 'store' | 'clock'>, config: ProjectConfig): void {
  const wishes = jobWishes(config);
  daemon.store.transaction(() => {
    for (const { job, ...owner } of wishes) {
      const known = getJob(daemon.store, owner);
      if (known?.cron === job.cron && known.timeZone === job.timeZone) continue;
      const nextAt = parseSchedule(job.cron, job.timeZone).next(daemon.clock.now()) ?? null;
      setJob(daemon.store, { ...owner, cron: job.cron, timeZone: job.timeZone, nextAt });
    }
    const gone = listJobs(daemon.store, config.project).filter((known) => !wishes.some((wish) => wish.environment === known.environment && wish.name === known.name));
    for (const job of gone) removeJob(daemon.store, job);
  });
}

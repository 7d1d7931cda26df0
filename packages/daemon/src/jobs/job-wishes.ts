import { parseDurationMs, parseSizeBytes, type Job, type ProjectConfig } from '@redcontrol/contract';
import type { JobOwner, JobSpec } from '../store/index.ts';

/** A job of an environment as the configuration asks for it. */
export interface JobWish extends JobOwner {
  job: Job;
}

/** Every job in every environment where it is to run, pure. */
export function jobWishes(config: ProjectConfig): JobWish[] {
  return Object.keys(config.environments).flatMap((environment) =>
    Object.entries(config.jobs)
      .filter(([, job]) => job.environments === undefined || job.environments.includes(environment))
      .map(([name, job]) => ({ project: config.project, environment, name, job })),
  );
}

export function jobSpec(job: Job): JobSpec {
  return {
    command: job.run, ...(job.app === undefined ? {} : { app: job.app }), timeoutMs: parseDurationMs(job.timeout), overlap: job.overlap, retries: job.retries, memoryBytes: parseSizeBytes(job.memory),
  };
}

export * from './job-log.ts';
export * from './job-runner.ts';
export * from './job-states.ts';
export * from './job-wishes.ts';
export * from './recover-jobs.ts';
export * from './sync-jobs.ts';

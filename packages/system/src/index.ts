export * from './process/spawn.ts';
export * from './process/run.ts';
export * from './files/write-atomic.ts';
export * from './files/read-if-exists.ts';
export * from './time/clock.ts';
export * from './time/cron.ts';
export * from './ssh/ssh-arguments.ts';
export * from './ssh/ssh-failure.ts';

export * from './mask/create-mask.ts';
export * from './log-writer.ts';
export * from './close-left-log.ts';
export * from './read-log.ts';
export * from './collect-logs.ts';

export * from './metrics.ts';
export * from './metric-store.ts';
export * from './sample-times.ts';
export * from './read-metrics.ts';
export * from './request-counter.ts';
export * from './open-metrics/serve-open-metrics.ts';

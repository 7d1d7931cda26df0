export * from './watch-alerts.ts';
export * from './list-alerts.ts';

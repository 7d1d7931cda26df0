export * from './change-app.ts';
export * from './follow-app-logs.ts';
export * from './line-filter.ts';
export * from './list-app.ts';
export * from './live-app.ts';

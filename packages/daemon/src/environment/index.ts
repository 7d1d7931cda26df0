export * from './environment-needs.ts';
export * from './run-environment.ts';
export * from './run-shell.ts';
export * from './place-code.ts';
export * from './warm-pool.ts';
export * from './deployed-environment.ts';
export * from './database-secrets.ts';

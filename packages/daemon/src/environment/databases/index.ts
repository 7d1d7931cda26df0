export * from './database-kinds.ts';
export * from './start-database.ts';
export * from './database-memory.ts';
export * from './database-tuning.ts';
export * from './data-tools.ts';

export * from './database-kinds.ts';
export * from './start-database.ts';

import type { EnvironmentConfig } from '@redcontrol/contract';
import type { StoredDatabase } from '../store/index.ts';

export interface DatabaseWish {
  role: StoredDatabase['role'];
  engine: 'postgres' | 'mariadb' | 'mysql' | 'redis';
  version: string | undefined;
}

/** The databases that the configuration wants in an environment, pure. */
export function databaseWishes(environment: EnvironmentConfig): DatabaseWish[] {
  const wishes: DatabaseWish[] = [];
  const { database, redis } = environment;
  if (database && database.engine !== 'sqlite') wishes.push({ role: 'database', engine: database.engine, version: database.version });
  if (redis) wishes.push({ role: 'redis', engine: 'redis', version: redis.version });
  return wishes;
}

import type { DaemonContext } from '../context.ts';
import type { StoredDatabase } from '../store/index.ts';
import { databasePassword } from './database-secrets.ts';
import type { DatabaseAccess } from './databases/index.ts';

type Instance = Pick<DaemonContext, 'options'>;

/** Network of a deployed environment; every app container and database of it is there, and nothing else. */
export function environmentNetwork(daemon: Instance, project: string, environment: string): string {
  return `rc-${daemon.options.instance}-${project}--${environment}`;
}

export function volumeName(daemon: Instance, owner: { project: string; environment: string }, volume: string): string {
  return `rc-${daemon.options.instance}-${owner.project}--${owner.environment}--${volume}`;
}

/** Name by which the apps of an environment reach it. */
export function databaseHost(role: StoredDatabase['role']): string {
  return role === 'redis' ? 'redis' : 'db';
}

export function databaseContainer(daemon: Instance, stored: Pick<StoredDatabase, 'project' | 'environment' | 'role'>): string {
  return `${environmentNetwork(daemon, stored.project, stored.environment)}--${databaseHost(stored.role)}`;
}

/** How the apps of its environment reach a database. */
export function databaseAccess(daemon: DaemonContext, stored: StoredDatabase): DatabaseAccess {
  return { host: databaseHost(stored.role), user: 'app', name: 'app', password: databasePassword(daemon, stored) };
}

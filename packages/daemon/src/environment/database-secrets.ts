import type { DaemonContext } from '../context.ts';
import { unseal } from '../secrets/index.ts';
import { getDatabase, type StoredDatabase } from '../store/index.ts';

/** Passwords of the databases of these environments, to be hidden wherever output is kept. */
export function databaseSecrets(daemon: Pick<DaemonContext, 'store' | 'key'>, project: string, environments: readonly string[]): { name: string; value: string }[] {
  return environments.flatMap((environment) =>
    (['database', 'redis'] as const).flatMap((role) => {
      const stored = getDatabase(daemon.store, project, environment, role);
      return stored ? [{ name: `${environment} ${role}`, value: databasePassword(daemon, stored) }] : [];
    }),
  );
}

export function databasePassword(daemon: Pick<DaemonContext, 'key'>, stored: StoredDatabase): string {
  return unseal(daemon.key, stored.password, databaseSealContext(stored)).toString('utf8');
}

export function databaseSealContext(database: Pick<StoredDatabase, 'project' | 'environment' | 'role'>): string {
  return `database/${database.project}/${database.environment}/${database.role}`;
}

import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { getDatabase, type StoredDatabase } from '../store/index.ts';

/** The database that an environment has for this. Throws NOT_FOUND where it has none. */
export function storedDatabase(daemon: DaemonContext, { project, environment }: { project: string; environment: string }, role: StoredDatabase['role']): StoredDatabase {
  const stored = getDatabase(daemon.store, project, environment, role);
  if (stored) return stored;
  throw new RedControlError('NOT_FOUND', `Expected a ${role} of ${environment}, there is none`, { hint: 'See `redcontrol status`.' });
}

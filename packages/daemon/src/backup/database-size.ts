import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { dataTools } from '../environment/databases/index.ts';
import type { StoredDatabase } from '../store/index.ts';
import { askDatabase } from './ask-database.ts';

/** Of a database that runs; nothing of one that has no tables. Throws SERVICE_NOT_READY. */
export async function databaseSize(daemon: DaemonContext, stored: StoredDatabase): Promise<{ bytes: number; tables: number }> {
  if (!dataTools[stored.engine as Exclude<StoredDatabase['engine'], 'sqlite'>].size) return { bytes: 0, tables: 0 };
  const said = (await askDatabase(daemon, stored, 'size')).trim();
  const [bytes, tables] = said.split(/\s+/).map(Number);
  if (bytes === undefined || tables === undefined || Number.isNaN(bytes + tables)) {
    throw new RedControlError('SERVICE_NOT_READY', `Expected the ${stored.engine} of ${stored.environment} to tell its size, got: ${said.slice(-500)}`);
  }
  return { bytes, tables };
}

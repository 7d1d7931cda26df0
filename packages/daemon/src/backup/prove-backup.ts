import { asRedControlError, RedControlError, type BackupFile, type ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { rowDifferences } from '../environment/databases/index.ts';
import { withLock } from '../release/environment-lock.ts';
import { getBackup, getDatabase, setProof, type StoredBackup, type StoredDatabase } from '../store/index.ts';
import { dataLock } from './backup-path.ts';
import { withDataOperation } from './data-operation.ts';
import { assertSound, openBackupFile } from './open-file.ts';
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.ts';

export interface ProofRequest {
  config: ProjectConfig;
  startedBy: string;
  say: (text: string) => void;
  signal?: AbortSignal | undefined;
}

/** Restores a backup into databases made for it, compares the counts and removes them. Answers the backup with the verdict; throws when there is none. */
export function proveBackup(daemon: DaemonContext, backup: StoredBackup, request: ProofRequest): Promise<StoredBackup> {
  return withLock(dataLock(backup), async () => {
    let failure: RedControlError | undefined;
    try {
      await assertSound(daemon, backup);
      await withDataOperation(daemon, { kind: 'proof', owner: backup, startedBy: request.startedBy }, async (operation) => {
        for (const file of backup.files.filter(({ kind }) => kind !== 'volume')) await proveFile(daemon, { backup, file, operation: operation.id, request });
      });
    } catch (thrown) {
      failure = asRedControlError(thrown);
      // Only what speaks against the backup itself is a verdict on it.
      if (failure.code !== 'BACKUP_CORRUPT') throw failure;
    }
    tellProof(daemon, backup, failure);
    return getBackup(daemon.store, backup.id)!;
  });
}

async function proveFile(daemon: DaemonContext, work: { backup: StoredBackup; file: BackupFile; operation: number; request: ProofRequest }): Promise<void> {
  const { backup, file, operation, request } = work;
  const scratch = await openScratchDatabase(daemon, { operation, config: request.config, like: databaseLike(daemon, backup, file), version: file.version ?? '', say: request.say, signal: request.signal });
  try {
    request.say(`Restoring ${file.name} into a database of its own`);
    await scratch.load(await openBackupFile(daemon, backup, file));
    await assertRows(scratch, backup, file);
    request.say(`${file.rows.length} tables hold what the backup says`);
  } finally {
    await scratch.dispose();
  }
}

/** Throws BACKUP_CORRUPT when the counts are others than those that were written down at the backup. */
export async function assertRows(scratch: ScratchDatabase, backup: StoredBackup, file: BackupFile): Promise<void> {
  const differences = rowDifferences(file.rows, await scratch.rows());
  if (differences.length === 0) return;
  throw new RedControlError('BACKUP_CORRUPT', `Expected the rows that backup ${backup.id} was made with, got others: ${differences.slice(0, 10).join('; ')}`, { hint: 'What is in use was not touched. Take another backup: redcontrol backup list.' });
}

/** The database of today in whose place the backup's would be: user and password are its own. */
export function databaseLike(daemon: DaemonContext, owner: { project: string; environment: string }, file: BackupFile): StoredDatabase {
  const stored = file.kind === 'volume' ? undefined : getDatabase(daemon.store, owner.project, owner.environment, file.kind);
  if (stored && stored.engine === file.engine) return stored;
  throw new RedControlError('CONFLICT', `Expected ${owner.environment} to have a ${file.engine}, it has ${stored ? `${stored.engine} ${stored.version}` : 'none'}`, { hint: 'Name the database in the environment and apply, then again.' });
}

function tellProof(daemon: DaemonContext, backup: StoredBackup, failure: RedControlError | undefined): void {
  const at = daemon.clock.now();
  daemon.store.transaction(() => {
    setProof(daemon.store, backup.id, { state: failure ? 'failed' : 'proven', at, ...(failure ? { error: failure.message } : {}) });
    const text = failure ? `backup ${backup.id} of ${backup.environment} could not be restored: ${failure.message}` : `backup ${backup.id} of ${backup.environment} was restored as a proof`;
    daemon.events.add({ at, kind: failure ? 'backup.unprovable' : 'backup.proven', project: backup.project, environment: backup.environment, runId: null, text, data: { backup: backup.id } });
  });
  daemon.events.flush();
}

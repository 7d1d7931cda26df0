import type { RollbackChoices } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { databaseAccess, databaseContainer, engineOf } from '../environment/index.ts';
import { dataTools, parseRows, toolUser } from '../environment/databases/index.ts';
import { execInContainer } from '../engine/index.ts';
import { getDatabase, listBackups, listReleases, publicBackup, type StoredBackup, type StoredDatabase, type StoredRelease } from '../store/index.ts';

const countTimeoutMs = 5 * 60_000;
const lookedAt = 1000;

/**
 * The backup with the data that a release had last while it was live: the newest of those made before migrations between it and the next version that went live. Pure.
 */
export function backupForRollback(target: Pick<StoredRelease, 'number'>, releases: readonly Pick<StoredRelease, 'number' | 'liveAt'>[], backups: readonly StoredBackup[]): StoredBackup | undefined {
  const next = Math.min(...releases.filter((release) => release.number > target.number && release.liveAt !== null).map((release) => release.number));
  return backups
    .filter((backup) => backup.reason === 'migration' && backup.state === 'ready' && backup.release !== null && backup.release > target.number && backup.release <= next)
    .toSorted((a, b) => b.id - a.id)[0];
}

/** What going back to a release can mean, and what would be lost with the data of the backup. */
export async function rollbackChoices(daemon: DaemonContext, target: StoredRelease): Promise<RollbackChoices> {
  const owner = { project: target.project, environment: target.environment };
  const backup = backupForRollback(target, listReleases(daemon.store, { ...owner, limit: lookedAt }), listBackups(daemon.store, { ...owner, limit: lookedAt }));
  if (!backup) return { release: target.number, backup: null, changes: [] };
  const stored = getDatabase(daemon.store, owner.project, owner.environment, 'database');
  return { release: target.number, backup: publicBackup(backup), changes: stored ? await changesSince(daemon, backup, stored) : [] };
}

async function changesSince(daemon: DaemonContext, backup: StoredBackup, stored: StoredDatabase): Promise<RollbackChoices['changes']> {
  const then = new Map(backup.files.find((file) => file.kind === 'database')?.rows.map((row) => [row.table, row.most]));
  let said = '';
  const { exitCode } = await execInContainer(engineOf(daemon, stored), {
    container: databaseContainer(daemon, stored), command: dataTools[stored.engine as Exclude<StoredDatabase['engine'], 'sqlite'>].count(databaseAccess(daemon, stored)),
    user: toolUser, timeoutMs: countTimeoutMs, onOutput: (chunk) => void (said += chunk.toString()),
  });
  // A database that does not answer may be why somebody goes back: then nothing can be said.
  if (exitCode !== 0) return [];
  const now = new Map(parseRows(said).map((row) => [row.table, row.most]));
  return [...new Set([...then.keys(), ...now.keys()])]
    .map((table) => ({ table, before: then.get(table) ?? 0, now: now.get(table) ?? 0 }))
    .filter((change) => change.before !== change.now)
    .toSorted((a, b) => a.table.localeCompare(b.table, 'en'));
}

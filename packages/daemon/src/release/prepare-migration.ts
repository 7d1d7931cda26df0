import { formatBytes, type ProjectConfig } from '@redcontrol/contract';
import { backupPlan, databaseSize, makeBackup } from '../backup/index.ts';
import type { DaemonContext } from '../context.ts';
import { getDatabase } from '../store/index.ts';
import { rehearse } from './rehearse.ts';
import type { ReleaseSnapshot } from './release-snapshot.ts';
import type { UnitRelease } from './release-units.ts';

export interface MigrationWish {
  config: ProjectConfig;
  release: UnitRelease & { runId: number };
  snapshot: ReleaseSnapshot;
  say: (text: string) => void;
  output: (chunk: Buffer) => void | Promise<void>;
  signal: AbortSignal;
}

/**
 * What comes before the migration of data that somebody uses: a rehearsal on a copy, then a backup. Each is left out only where the configuration
 * says so. Throws what speaks against the migration; nothing of the environment was touched then.
 */
export async function prepareMigration(daemon: DaemonContext, wish: MigrationWish): Promise<void> {
  const { config, release, snapshot } = wish;
  const settings = config.environments[release.environment];
  const stored = getDatabase(daemon.store, release.project, release.environment, 'database');
  if (snapshot.migrate === undefined || !settings?.database || !stored) return;
  const size = await databaseSize(daemon, stored);
  if (size.tables === 0) return wish.say('The database is empty: nothing to rehearse with and nothing to back up.');
  if (settings.database.rehearsal === false) wish.say('No rehearsal: `rehearsal: false`.');
  else await rehearse(daemon, { ...wish, stored, bytes: size.bytes });
  if (!backupPlan(settings)) return wish.say('No backup before the migration: `backup: false`.');
  const backup = await makeBackup(daemon, {
    config, environment: release.environment, reason: 'migration', release: release.number, startedBy: `release #${release.number}`, say: (text) => wish.say(`Backup: ${text}`), signal: wish.signal,
  });
  wish.say(`Backup ${backup.id} of the data before the migration: ${formatBytes(backup.bytes)}.`);
}

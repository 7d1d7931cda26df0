import { DatabaseSync } from 'node:sqlite';
import { RedControlError } from '@redcontrol/contract';
import { addRun, getRelease, listOpenRuns, listProjects, liveRelease, migrations, openStore, endRun, type Store } from '../store/index.ts';

/** Who queued the runs that bring back what was live. */
const startedBy = 'server restore';

/**
 * Makes the store of another server true for this one, where no container, volume or image of it is: what was live is deployed again by a run, runs that
 * were under way are over, and messages that the other has not sent yet are its own. Throws BACKUP_CORRUPT or CONTRACT_MISMATCH.
 */
export function settleRestored(path: string, now: number): { projects: string[] } {
  assertSound(path);
  const store = openStore(path);
  try {
    store.transaction(() => settle(store, now));
    return { projects: listProjects(store).map(({ name }) => name) };
  } finally {
    store.close();
  }
}

function assertSound(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const { integrity_check: verdict } = database.prepare('PRAGMA integrity_check').get() as { integrity_check: string };
    if (verdict !== 'ok') throw new RedControlError('BACKUP_CORRUPT', `Expected a sound database of the state, SQLite says: ${verdict}`, { hint: 'Nothing was changed. Take another file.' });
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > migrations.length) throw new RedControlError('CONTRACT_MISMATCH', 'Expected the state of a daemon that is not newer than this one', { hint: 'Nothing was changed. Use the newest version of RedControl for the restore.' });
  } finally {
    database.close();
  }
}

function settle(store: Store, now: number): void {
  const error = new RedControlError('INTERRUPTED', 'Expected the run to go on, its server was restored from a backup').toJSON();
  for (const run of listOpenRuns(store)) endRun(store, run.id, { verdict: 'cancelled', at: now, error });
  for (const project of listProjects(store)) {
    for (const environment of Object.keys(project.config.environments)) {
      const live = liveRelease(store, project.name, environment);
      const release = live && getRelease(store, live.id);
      if (!release) continue;
      addRun(store, {
        project: project.name, trigger: 'manual', ref: release.ref, refKind: 'commit', commit: release.commit, message: release.message, author: release.author, authorEmail: '',
        environments: [environment], revision: project.revision, startedBy, createdAt: now,
      });
    }
  }
  // Images and containers of releases, and volumes kept from before, are on the other server alone.
  store.sql(`UPDATE releases SET available = 0, state = CASE WHEN state = 'live' THEN 'retired' WHEN state IN ('migrating', 'starting', 'switching', 'watching') THEN 'failed' ELSE state END`).run();
  store.sql('UPDATE environments SET live_release = NULL').run();
  store.sql(`UPDATE previews SET data = 'none'`).run();
  store.sql(`UPDATE data_operations SET state = 'failed', ended_at = ? WHERE state IN ('working', 'switched')`).run(now);
  store.sql(`UPDATE backups SET state = 'failed', finished_at = ? WHERE state = 'making'`).run(now);
  for (const table of ['kept_volumes', 'deliveries', 'troubles']) store.sql(`DELETE FROM ${table}`).run();
}

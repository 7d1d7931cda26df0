import type { DaemonContext } from '../context.ts';
import { markBackupRemoved, type StoredBackup } from '../store/index.ts';
import { backupFolder } from './backup-path.ts';
import { openStorage } from './storage/open-storage.ts';

/** Removes a backup's files, then its line in the list. */
export async function removeBackup(daemon: DaemonContext, backup: StoredBackup): Promise<void> {
  if (backup.state === 'ready') await openStorage(daemon, backup, backup.place).remove(backupFolder(backup), [...backup.files.map((file) => file.name), 'manifest.json']);
  daemon.store.transaction(() => markBackupRemoved(daemon.store, backup.id));
}

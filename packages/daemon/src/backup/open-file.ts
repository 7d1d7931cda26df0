import { createHash } from 'node:crypto';
import { pipeline, Transform, type Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { RedControlError, type BackupFile } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import type { StoredBackup } from '../store/index.ts';
import { backupFolder } from './backup-path.ts';
import { openSealed } from './sealing/seal-stream.ts';
import { openStorage } from './storage/open-storage.ts';

/** The content of a backup's file. The stream fails with BACKUP_CORRUPT unless every byte is as it was written. */
export async function openBackupFile(daemon: DaemonContext, backup: StoredBackup, file: BackupFile): Promise<Readable> {
  const storage = openStorage(daemon, backup, backup.place);
  const sealed = await storage.read(`${backupFolder(backup)}/${file.name}`);
  const checked = pipeline(sealed, checker(backup, file), ignored);
  const opened = await openSealed(checked, daemon.backupKey.identity);
  return file.name.endsWith('.zst.age') ? pipeline(opened, createZstdDecompress(), ignored) : opened;
}

/** Reads all files of a backup to their ends. Throws BACKUP_CORRUPT or NOT_FOUND at the first that is not whole. */
export async function assertSound(daemon: DaemonContext, backup: StoredBackup): Promise<void> {
  if (backup.state !== 'ready') throw new RedControlError('CONFLICT', `Expected backup ${backup.id} to be ready, it is ${backup.state}`, { hint: 'Take another: redcontrol backup list.' });
  for (const file of backup.files) {
    for await (const _chunk of await openBackupFile(daemon, backup, file)) continue;
  }
}

function checker(backup: StoredBackup, file: BackupFile): Transform {
  const hash = createHash('sha256');
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      if (bytes === file.bytes && hash.digest('hex') === file.sha256) return done();
      done(new RedControlError('BACKUP_CORRUPT', `Expected ${file.name} of backup ${backup.id} to be as it was written (${file.bytes} bytes, SHA-256 ${file.sha256.slice(0, 12)}…), got ${bytes} other bytes`, {
        hint: 'Nothing was changed. Take another backup: redcontrol backup list.',
      }));
    },
  });
}

function ignored(): void {}

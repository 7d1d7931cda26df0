import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { formatBytes, RedControlError } from '@redcontrol/contract';
import { readDiskRoom } from '../../pipeline/limits/index.ts';
import type { BackupStorage } from './backup-storage.ts';

const lookEveryBytes = 8 * 1024 ** 2;

/** Files below a directory of the server, readable for root alone. A backup ends before less than `reserveBytes` is free: production writes there as well. */
export function localStorage(directory: string, { reserveBytes }: { reserveBytes: number }): BackupStorage {
  const pathOf = (path: string) => join(directory, ...path.split('/'));
  return {
    async write(path, content, signal) {
      const target = pathOf(path);
      const part = `${target}.part`;
      try {
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        await assertRoom(directory, reserveBytes);
        await pipeline(content, guardRoom(directory, reserveBytes), createWriteStream(part, { mode: 0o600 }), signal ? { signal } : {});
        await syncFile(part);
        await rename(part, target);
      } catch (error) {
        content.destroy();
        await rm(part, { force: true });
        throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? await diskFull(directory, reserveBytes, error) : error;
      }
    },
    async read(path) {
      const target = pathOf(path);
      if (!(await stat(target).then((found) => found.isFile(), () => false))) throw new RedControlError('NOT_FOUND', `Expected the backup's file ${target}, it is not there`, { hint: 'Somebody removed it, or the directory of the backups is another one now.' });
      return createReadStream(target, { highWaterMark: 256 * 1024 });
    },
    remove: (folder) => rm(pathOf(folder), { recursive: true, force: true }),
  };
}

/** Lets bytes through while the disk keeps its reserve. */
function guardRoom(directory: string, reserveBytes: number): Transform {
  let unlooked = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      unlooked += chunk.length;
      if (unlooked < lookEveryBytes) return done(null, chunk);
      unlooked = 0;
      assertRoom(directory, reserveBytes).then(() => done(null, chunk), (error: Error) => done(error));
    },
  });
}

async function assertRoom(directory: string, reserveBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize < reserveBytes) throw await diskFull(directory, reserveBytes);
}

async function diskFull(directory: string, reserveBytes: number, cause?: unknown): Promise<RedControlError> {
  const { freeBytes, totalBytes } = await readDiskRoom(directory);
  return new RedControlError('DISK_FULL', `Expected to keep ${formatBytes(reserveBytes)} free on the disk of ${directory}, got ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)}`, {
    cause, hint: 'What is live serves on, and nothing of the backup stays. Remove old backups (redcontrol backup list, backup remove), lower `backup.keep` or `keep`, send backups to S3 (`backup.to`), or give the server a larger disk.',
  });
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatBytes, RedControlError } from '@redcontrol/contract';

export interface DiskRoom {
  /** Bytes and files that an ordinary user may still add. */
  freeBytes: number;
  /** Infinity where the file system makes them as needed. */
  freeFiles: number;
  totalBytes: number;
}

/** Room on the file system of a folder; for a folder that is not made yet, of the nearest one above it. */
export async function readDiskRoom(directory: string): Promise<DiskRoom> {
  try {
    const { bavail, bsize, blocks, files, ffree } = await statfs(directory);
    return { freeBytes: bavail * bsize, freeFiles: files === 0 ? Infinity : ffree, totalBytes: blocks * bsize };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing && dirname(directory) !== directory) return readDiskRoom(dirname(directory));
    throw error;
  }
}

/** What has to be there in files besides bytes: a checkout with its dependencies makes tens of thousands. */
const minFreeFiles = 20_000;

/** Throws DISK_FULL, with what is free and what is needed, when the disk could not hold what is about to be made. */
export async function assertDiskRoom(directory: string, neededBytes: number): Promise<void> {
  const { freeBytes, freeFiles, totalBytes } = await readDiskRoom(directory);
  const hint = `Free some disk: roll old releases off (\`keep\`), remove images and logs that are not needed ("docker system df" shows what takes room), or give the server a larger disk.`;
  if (freeBytes < neededBytes) {
    throw new RedControlError('DISK_FULL', `Expected ${formatBytes(neededBytes)} free on the disk of ${directory}, got ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)}`, { hint });
  }
  if (freeFiles < minFreeFiles) {
    throw new RedControlError('DISK_FULL', `Expected room for ${minFreeFiles} more files on the disk of ${directory}, got ${freeFiles}: its inodes are used up`, { hint });
  }
}

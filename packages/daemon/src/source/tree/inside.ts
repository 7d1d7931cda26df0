import { constants } from 'node:fs';
import { open, readlink, realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { RedControlError } from '@redcontrol/contract';

/**
 * The real path of something in a tree that a repository or a run has written. Throws FORBIDDEN when the path, or a
 * symlink on it, leads out of `directory`; NOT_FOUND when there is nothing. For a tree that nothing writes to any more;
 * to read from one that may still change, readInside.
 */
export async function assertInside(directory: string, path: string): Promise<string> {
  const top = await realpath(directory);
  const real = await realpath(resolve(top, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (real === undefined) {
    if (!isBelow(top, resolve(top, path))) throw leadsOut(path);
    throw new RedControlError('NOT_FOUND', `Expected ${JSON.stringify(path.slice(0, 200))} in the tree, it is not there`);
  }
  if (!isBelow(top, real)) throw leadsOut(path);
  return real;
}

/**
 * Reads a regular file of such a tree, at most `maxBytes` of it; undefined when there is none. What was opened is
 * looked at, not its path, so that a symlink put there in between gains nothing. Throws FORBIDDEN like assertInside.
 */
export async function readInside(directory: string, path: string, options: { maxBytes: number }): Promise<Buffer | undefined> {
  const top = await realpath(directory);
  // Without O_NONBLOCK a FIFO would hold the daemon up.
  const file = await open(resolve(top, path), constants.O_RDONLY | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EISDIR'].includes(error.code ?? '')) return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    if (!isBelow(top, await readlink(`/proc/self/fd/${file.fd}`))) throw leadsOut(path);
    if (!(await file.stat()).isFile()) return undefined;
    const buffer = Buffer.alloc(options.maxBytes);
    let length = 0;
    while (length < options.maxBytes) {
      const { bytesRead } = await file.read(buffer, length, options.maxBytes - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

function isBelow(top: string, path: string): boolean {
  return path === top || path.startsWith(top + sep);
}

function leadsOut(path: string): RedControlError {
  return new RedControlError('FORBIDDEN', `Expected a path inside the working tree, got ${JSON.stringify(path.slice(0, 200))}, which leads out of it`, {
    hint: 'Remove the symlink or the ".." from the repository.',
  });
}

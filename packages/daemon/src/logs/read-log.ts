import { open } from 'node:fs/promises';
import { RedControlError } from '@redcontrol/contract';

/** Most that one call gives. */
export const maxReadBytes = 1024 ** 2;

export interface LogPart {
  /** The file's bytes as they are, so a character may be split between two parts. Empty at the end. */
  data: Buffer;
  nextOffset: number;
  /** Length of the file when it was read. */
  totalBytes: number;
}

/** Reads at most `limit` bytes (never more than 1 MiB) from `offset` on. Throws NOT_FOUND where the log is not there (any more). */
export async function readLog(path: string, offset: number, limit: number): Promise<LogPart> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw new RedControlError('NOT_FOUND', `Expected the log ${path}, it is not there`, { cause, hint: 'The step has not begun, or the log was removed by its age: see how long logs are kept.' });
  });
  try {
    const { size: totalBytes } = await file.stat();
    const start = Math.min(offset, totalBytes);
    const length = Math.min(limit, maxReadBytes, totalBytes - start);
    if (length <= 0) return { data: Buffer.alloc(0), nextOffset: start, totalBytes };
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
    return { data: buffer.subarray(0, bytesRead), nextOffset: start + bytesRead, totalBytes };
  } finally {
    await file.close();
  }
}

import { appendFile } from 'node:fs/promises';
import { checksumOf } from './checksum.ts';
import type { ClosedLog } from './log-writer.ts';

/**
 * Closes a log that a killed daemon left open: the length and checksum of what is there, after a note on a line of its own
 * where one is given. A log that was never begun is closed as an empty one, and no file is made.
 */
export async function closeLeftLog(path: string, note?: string): Promise<ClosedLog> {
  const left = await checksumOf(path);
  if (note === undefined || left.bytes === 0) return { bytes: left.bytes, sha256: left.hash.digest('hex') };
  await appendFile(path, `\n[redcontrol] ${note}\n`);
  const closed = await checksumOf(path);
  return { bytes: closed.bytes, sha256: closed.hash.digest('hex') };
}

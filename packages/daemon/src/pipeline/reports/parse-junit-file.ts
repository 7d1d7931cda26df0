import { constants } from 'node:fs';
import { open, readlink, type FileHandle } from 'node:fs/promises';
import type { FailedTest } from '@redcontrol/contract';
import { parseJUnit } from './parse-junit.ts';

/** What is read of one report; a longer one is read as if it broke off there. */
const maxReportBytes = 64 * 1024 ** 2;

/**
 * Failed tests of a report that findReports named. What runs in the tree may change it at any moment, so the file that
 * was opened is checked, not the name: one that became a link, a pipe or a device, or is reached through a link, gives [].
 * `mask` is applied to the whole text before it is parsed and cut, so that no part of a secret is left at a cut.
 */
export async function parseJUnitFile(path: string, mask: (text: string) => string = (text) => text): Promise<FailedTest[]> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined);
  if (!file) return [];
  try {
    const { size, isPlain } = await describe(file);
    if (!isPlain || (await readlink(`/proc/self/fd/${file.fd}`)) !== path) return [];
    const bytes = Buffer.alloc(Math.min(size, maxReportBytes));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return parseJUnit(mask(decode(bytes.subarray(0, bytesRead))));
  } finally {
    await file.close();
  }
}

async function describe(file: FileHandle) {
  const stat = await file.stat();
  return { size: stat.size, isPlain: stat.isFile() };
}

/** UTF-8, or UTF-16 where the file begins with its byte order mark (written by some runners on Windows). */
function decode(bytes: Buffer): string {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
}

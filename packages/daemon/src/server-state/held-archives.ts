import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { RedControlError } from '@redcontrol/contract';
import type { MadeArchive } from './make-archive.ts';

/** One more lets the oldest go: pages keep their connection for long. */
const mostHeld = 2;
const held = new Map<string, MadeArchive>();

/** Keeps an archive to be read in parts until `release`. */
export async function holdArchive(archive: MadeArchive): Promise<{ id: string; release: () => Promise<void> }> {
  const id = randomBytes(12).toString('hex');
  const [oldest] = held;
  if (oldest && held.size >= mostHeld) {
    held.delete(oldest[0]);
    await oldest[1].dispose();
  }
  held.set(id, archive);
  return {
    id,
    async release() {
      held.delete(id);
      await archive.dispose();
    },
  };
}

/** Bytes of an archive that is held. Throws NOT_FOUND. */
export async function readArchive(id: string, offset: number, limit: number): Promise<Buffer> {
  const archive = held.get(id);
  if (!archive) throw new RedControlError('NOT_FOUND', 'Expected a backup of the server that is being read, it is gone', { hint: 'Begin again: redcontrol server backup.' });
  const file = await open(archive.path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(limit), 0, limit, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

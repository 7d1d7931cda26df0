import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';

const blockBytes = 256 * 1024;

/** The SHA-256 of a file so far, to be gone on with, and its length. A missing file counts as empty. */
export async function checksumOf(path: string): Promise<{ hash: Hash; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return { hash, bytes };
  try {
    const { size } = await file.stat();
    const block = Buffer.allocUnsafe(Math.min(blockBytes, size));
    while (bytes < size) {
      const { bytesRead } = await file.read(block, 0, Math.min(block.length, size - bytes), bytes);
      if (bytesRead === 0) break;
      hash.update(block.subarray(0, bytesRead));
      bytes += bytesRead;
    }
    return { hash, bytes };
  } finally {
    await file.close();
  }
}

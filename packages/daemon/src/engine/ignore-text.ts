import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

const maxIgnoreBytes = 256 * 1024;

/** The context's own .dockerignore with more patterns after it. A link is not followed: it could name any file of this machine. */
export async function ignoreText(contextDirectory: string, patterns: readonly string[]): Promise<string> {
  return `${await ownIgnoreText(contextDirectory)}\n${patterns.join('\n')}\n`;
}

async function ownIgnoreText(contextDirectory: string): Promise<string> {
  try {
    const file = await open(join(contextDirectory, '.dockerignore'), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxIgnoreBytes), 0, maxIgnoreBytes, 0);
      return buffer.subarray(0, bytesRead).toString('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'EISDIR') return '';
    throw error;
  }
}

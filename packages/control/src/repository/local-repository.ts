import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { RepositoryView } from '@redcontrol/presets';

const maxTextBytes = 1024 * 1024;

/** A folder on this machine as presets look at it. Nothing outside of it is read, also not through symlinks. */
export function localRepository(folder: string): RepositoryView {
  return {
    async readText(path) {
      const found = await placeInside(folder, path);
      return found === undefined ? undefined : readBounded(found);
    },
    async exists(path) {
      const found = await placeInside(folder, path);
      return found !== undefined;
    },
    async list(path) {
      const found = await placeInside(folder, path);
      if (found === undefined) return [];
      const entries = await readdir(found, { withFileTypes: true }).catch(() => []);
      return entries.filter(({ name }) => name !== '.git').map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
    },
  };
}

/** The real path of something in the folder; undefined when it is not there, or is outside. */
async function placeInside(folder: string, path: string): Promise<string | undefined> {
  try {
    const root = await realpath(folder);
    const found = await realpath(join(root, path));
    return found === root || found.startsWith(`${root}${sep}`) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Only of plain files: opening a pipe would wait for its other end. */
async function readBounded(path: string): Promise<string | undefined> {
  const { size } = await stat(path).then((found) => (found.isFile() ? found : { size: Infinity }));
  if (size > maxTextBytes) return undefined;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

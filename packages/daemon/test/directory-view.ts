import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepositoryView } from '@redcontrol/presets';

/** A fixture's folder as presets see a repository. */
export function directoryView(directory: string): RepositoryView {
  const kind = (path: string) => lstat(join(directory, path)).catch(() => undefined);
  return {
    readText: async (path) => ((await kind(path))?.isFile() ? readFile(join(directory, path), 'utf8') : undefined),
    exists: async (path) => (await kind(path)) !== undefined,
    list: async (folder) => {
      const entries = await readdir(join(directory, folder), { withFileTypes: true }).catch(() => []);
      return entries.map((entry) => entry.name + (entry.isDirectory() ? '/' : ''));
    },
  };
}

import type { RepositoryView } from '@redcontrol/presets';
import { runGit } from './run-git.ts';

const maxFileBytes = 1024 * 1024;

/** The files of a commit of a local clone, below `root`. */
export function viewAtCommit(directory: string, { commit, root, signal }: { commit: string; root: string; signal?: AbortSignal | undefined }): RepositoryView {
  const listings = new Map<string, Promise<Map<string, 'file' | 'folder'>>>();
  const prefix = root === '' ? '' : `${root.replace(/\/+$/, '')}/`;
  const listing = (folder: string) => {
    const known = listings.get(folder);
    if (known) return known;
    const path = `${prefix}${folder}`.replace(/\/+$/, '');
    const listed = runGit(['-C', directory, 'ls-tree', '-z', path === '' ? commit : `${commit}:${path}`], { signal }).then(parseTree, () => new Map());
    listings.set(folder, listed);
    return listed;
  };
  const kindOf = async (path: string) => {
    const parts = path.replace(/\/+$/, '').split('/');
    return (await listing(parts.slice(0, -1).join('/'))).get(parts.at(-1) ?? '');
  };
  return {
    async readText(path) {
      if ((await kindOf(path)) !== 'file') return undefined;
      return runGit(['-C', directory, 'cat-file', 'blob', `${commit}:${prefix}${path}`], { maxOutputBytes: maxFileBytes, timeoutMs: 60_000, signal }).catch(() => undefined);
    },
    exists: async (path) => (await kindOf(path)) !== undefined,
    list: async (folder) => [...(await listing(folder))].map(([name, kind]) => (kind === 'folder' ? `${name}/` : name)),
  };
}

/** Symbolic links (mode 120000) and submodules are left out: they lead elsewhere. */
function parseTree(text: string): Map<string, 'file' | 'folder'> {
  const entries = new Map<string, 'file' | 'folder'>();
  for (const line of text.split('\0')) {
    const match = /^(\d+) (blob|tree) [0-9a-f]+\t(.+)$/s.exec(line);
    if (match && match[1] !== '120000') entries.set(match[3]!, match[2] === 'tree' ? 'folder' : 'file');
  }
  return entries;
}

import type { RepositoryView } from '@redcontrol/presets';
import { mirrorPath, type Git } from '../git/git.ts';
import { isCommitId } from '../git/ref-name.ts';
import { gitResult } from '../git/run-git.ts';
import { RedControlError } from '@redcontrol/contract';

const maxTextBytes = 1024 * 1024;
/** Names of one folder; a larger one shows its first. */
const maxFolderBytes = 4 * 1024 * 1024;
/** Folders whose names are kept. */
const maxFolders = 1000;

/**
 * A look at a commit's files in the mirror, without a checkout. `root`: a folder of the repository that counts as the top.
 * Paths that lead out of the tree, by `..` or by a symlink, are not there.
 */
export function repositoryAt(git: Git, project: string, commit: string, root = ''): RepositoryView {
  if (!isCommitId(commit)) throw new RedControlError('COMMIT_VANISHED', `Expected a commit id, got ${JSON.stringify(commit.slice(0, 80))}`);
  const repository = mirrorPath(git, project);
  const folders = new Map<string, Promise<string[]>>();

  const list = (folder: string): Promise<string[]> => {
    const path = treePath(root, folder);
    if (path === undefined) return Promise.resolve([]);
    const known = folders.get(path);
    if (known) return known;
    if (folders.size >= maxFolders) folders.clear();
    const names = listTree(git, repository, `${commit}:${path}`);
    folders.set(path, names);
    return names;
  };

  return {
    list,
    async exists(path) {
      const clean = treePath('', path);
      if (clean === undefined) return false;
      if (clean === '') return true;
      const slash = clean.lastIndexOf('/');
      const names = await list(slash < 0 ? '' : clean.slice(0, slash));
      const base = clean.slice(slash + 1);
      return names.includes(base) || names.includes(`${base}/`);
    },
    async readText(path) {
      const full = treePath(root, path);
      if (full === undefined || full === '') return undefined;
      return readBlob(git, repository, `${commit}:${full}`);
    },
  };
}

async function listTree(git: Git, repository: string, tree: string): Promise<string[]> {
  const result = await gitResult(git, ['ls-tree', '-z', tree, '--'], { repository, maxOutputBytes: maxFolderBytes });
  if (result.exitCode !== 0) return [];
  const entries = result.stdout.split('\0');
  entries.pop();
  return entries.map((entry) => {
    const name = entry.slice(entry.indexOf('\t') + 1);
    return entry.startsWith('040000 ') ? `${name}/` : name;
  });
}

/** Follows symlinks inside the tree, as git does; one that leads out gives nothing. */
async function readBlob(git: Git, repository: string, object: string): Promise<string | undefined> {
  const check = await gitResult(git, ['cat-file', '--batch-check', '--follow-symlinks'], { repository, input: `${object}\n`, maxOutputBytes: 64 * 1024 });
  const [id = '', type = '', size = ''] = check.stdout.split('\n', 1)[0]?.split(' ') ?? [];
  if (!isCommitId(id) || type !== 'blob' || Number(size) > maxTextBytes) return undefined;
  const { exitCode, stdout } = await gitResult(git, ['cat-file', 'blob', id], { repository, maxOutputBytes: maxTextBytes });
  return exitCode === 0 ? stdout : undefined;
}

/** A clean path below `root`, or undefined for one that git must not be asked for. */
function treePath(root: string, path: string): string | undefined {
  if (/[\0\n]/.test(path) || path.startsWith('/')) return undefined;
  const parts = [...root.split('/'), ...path.split('/')].filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts.join('/');
}

import { lstat } from 'node:fs/promises';
import { runOrThrow } from '@redcontrol/system';
import { rootTree, type TreeOwner } from './tree.ts';

/**
 * Removes a working tree and what belongs to it on the host. Works also on a tree that something still writes to:
 * `rm` opens each folder without following symlinks.
 */
export async function removeTree(target: { directory: string }): Promise<void> {
  const tree = rootTree(target.directory);
  await removeAsOwner(tree.directory, undefined);
  await removeAsOwner(tree.gitDirectory, undefined);
}

/** `rm -rf`, as the tree's owner where one is given, so that a path led astray reaches only what is theirs. */
export async function removeAsOwner(path: string, owner: TreeOwner | undefined): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) === undefined) return;
  await runOrThrow('rm', ['-rf', '--', path], { cwd: '/', timeoutMs: 10 * 60_000, ...(owner ? { user: owner } : {}) });
}

/** Empties a folder, whoever its files belong to. `find` does not follow symlinks, also not ones put there meanwhile. */
export async function emptyFolder(path: string): Promise<void> {
  await runOrThrow('find', ['-P', path, '-mindepth', '1', '-delete'], { cwd: '/', timeoutMs: 10 * 60_000 });
}

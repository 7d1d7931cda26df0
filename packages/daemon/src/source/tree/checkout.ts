import { isAbsolute } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { hasCommit } from '../mirror/has-commit.ts';
import type { Git } from '../git/git.ts';
import { placeCommit, type Placed } from './place-commit.ts';
import { removeAsOwner } from './remove-tree.ts';
import { ownerOf, rootTree } from './tree.ts';

export interface CheckoutTarget {
  project: string;
  commit: string;
  /** Absolute; may exist. `<directory>.git` beside it holds what belongs to it on the host; only `directory` is for a run. */
  directory: string;
  /** Owner of the tree; git works as this user. Ignored where the daemon is not root. */
  uid?: number;
  gid?: number;
  signal?: AbortSignal;
  /** off: LFS files stay pointers. auto: fetched where git-lfs is installed. */
  lfs?: 'auto' | 'off';
  /** none: no `.git` in the tree. auto: the whole history, or the latest commits where it is large. */
  history?: 'auto' | 'none';
  /** Repository's URL, against which submodules and LFS are resolved; left out: as last listed or fetched. */
  url?: string;
}

/**
 * Writes a clean working tree of a commit that the mirror holds, with its submodules and LFS files.
 * Its `.git` is whole in itself (describe, log, status work; no path out of the tree, no credentials); the mirror
 * cannot be reached from it. Symlinks are written as the repository has them: read on the host only by readInside.
 * Throws COMMIT_VANISHED, REPOSITORY_UNREACHABLE (submodules, LFS), FORBIDDEN (a submodule that may not be followed).
 */
export async function checkout(git: Git, target: CheckoutTarget): Promise<Placed> {
  await requireCommit(git, target);
  const tree = rootTree(target.directory);
  await removeAsOwner(tree.gitDirectory, undefined);
  return placeCommit(git, { ...placementOf(git, target), previous: undefined });
}

export async function requireCommit(git: Git, target: CheckoutTarget): Promise<void> {
  if (!isAbsolute(target.directory)) throw new RedControlError('INTERNAL', `Expected an absolute folder, got ${target.directory}`);
  if (await hasCommit(git, target.project, target.commit)) return;
  throw new RedControlError('COMMIT_VANISHED', `Expected commit ${target.commit.slice(0, 64)} of ${target.project} in the mirror, it is not there`, {
    hint: 'It was replaced by a forced push. Push again, or deploy another commit.',
  });
}

export function placementOf(git: Git, target: CheckoutTarget) {
  return {
    project: target.project,
    commit: target.commit,
    tree: rootTree(target.directory),
    owner: ownerOf(target),
    url: target.url ?? git.urls.get(target.project),
    lfs: target.lfs ?? git.lfs,
    history: target.history ?? 'auto',
    signal: target.signal,
    depth: 0,
  } as const;
}

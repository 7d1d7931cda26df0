import { RedControlError } from '@redcontrol/contract';
import type { Git } from '../git/git.ts';
import { checkout, placementOf, requireCommit, type CheckoutTarget } from './checkout.ts';
import { cleanTree } from './clean-tree.ts';
import { placeCommit, type Placed } from './place-commit.ts';
import { readTreeRecord } from './tree-record.ts';
import { specialPaths } from './special-paths.ts';
import { ownerOf, rootTree } from './tree.ts';

export interface RecheckoutTarget extends CheckoutTarget {
  /** none: files that git does not know stay (installed dependencies); all: they go, ignored ones too. */
  clean?: 'none' | 'all';
}

/**
 * Moves a tree that `checkout` made to another commit, writing only what differs. Files of the repository that were
 * changed are put back. A tree that cannot be moved (unknown, of another project, broken) is checked out anew.
 * Throws like checkout.
 */
export async function recheckout(git: Git, target: RecheckoutTarget): Promise<Placed> {
  const record = await readTreeRecord(rootTree(target.directory));
  if (record === undefined || record.project !== target.project) return checkout(git, target);
  const special = record.special ? 'some' : await specialPaths(git, target.project, record.commit, target.commit);
  if (special === 'unknown') {
    await requireCommit(git, target);
    return checkout(git, target);
  }
  try {
    const placed = await placeCommit(git, { ...placementOf(git, target), previous: { record, special: special === 'some' } });
    if (target.clean === 'all') await cleanTree(git, rootTree(target.directory), ownerOf(target), target.signal);
    return placed;
  } catch (error) {
    if (target.signal?.aborted || !(error instanceof RedControlError) || error.code !== 'COMMAND_FAILED') throw error;
    return checkout(git, target);
  }
}

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import type { Git } from '../git/git.ts';
import { checkout, placementOf, requireCommit, type CheckoutTarget } from './checkout.ts';
import { cleanTree } from './clean-tree.ts';
import { placeCommit, type Placed } from './place-commit.ts';
import { readTreeRecord, type TreeRecord } from './tree-record.ts';
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
  await requireCommit(git, target);
  const record = await readTreeRecord(rootTree(target.directory));
  if (record === undefined || record.project !== target.project) return checkout(git, target);
  try {
    const placed = await move(git, target, record);
    if (target.clean === 'all') await cleanTree(git, rootTree(target.directory), ownerOf(target), target.signal);
    return placed;
  } catch (error) {
    if (target.signal?.aborted || !(error instanceof RedControlError) || error.code !== 'COMMAND_FAILED') throw error;
    return checkout(git, target);
  }
}

async function move(git: Git, target: CheckoutTarget, record: TreeRecord): Promise<Placed> {
  const placement = placementOf(git, target);
  if (record.special) return placeCommit(git, { ...placement, previous: { record, special: true } });
  // Asked while the files are written already: the answer is nearly always none.
  const [placed, special] = await Promise.allSettled([
    placeCommit(git, { ...placement, previous: { record, special: false } }),
    specialPaths(git, target.project, record.commit, target.commit),
  ]);
  if (placed.status === 'rejected') throw placed.reason;
  if (special.status === 'fulfilled' && special.value === 'none') return placed.value;
  // Attributes decide how each file is written: without an index git writes them all again.
  await rm(join(placement.tree.gitDirectory, 'index'), { force: true });
  return placeCommit(git, { ...placement, previous: { record, special: true } });
}

import { join } from 'node:path';
import { readIfExists, writeFileAtomic } from '@redcontrol/system';
import { z } from 'zod';
import type { Tree } from './tree.ts';

const treeRecord = z.object({
  project: z.string(),
  commit: z.string(),
  /** Whether the commit has submodules or LFS files. */
  special: z.boolean(),
  /** Paths of the submodules in the tree. */
  modules: z.array(z.string()),
});

/** What stands in a tree, kept beside it where no run can write. */
export type TreeRecord = z.infer<typeof treeRecord>;

export async function readTreeRecord(tree: Tree): Promise<TreeRecord | undefined> {
  const text = await readIfExists(recordFile(tree));
  if (text === undefined) return undefined;
  try {
    return treeRecord.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Only where the tree is as it says: it is dropped before a change and written after it. */
export async function writeTreeRecord(tree: Tree, record: TreeRecord): Promise<void> {
  await writeFileAtomic(recordFile(tree), JSON.stringify(record));
}

export function recordFile(tree: Tree): string {
  return join(tree.gitDirectory, 'redcontrol.json');
}

import { join } from 'node:path';
import { rename, writeFile } from 'node:fs/promises';
import { readIfExists } from '@redcontrol/system';
import * as z from 'zod';
import type { Tree } from './tree.ts';

const treeRecord = z.object({
  /** Boot of the machine in which it was written: after a power cut the tree may lack what was not yet on the disk. */
  boot: z.string(),
  project: z.string(),
  commit: z.string(),
  /** Whether the commit has submodules or LFS files. */
  special: z.boolean(),
  /** Paths of the submodules in the tree. */
  modules: z.array(z.string()),
});

/** What stands in a tree, kept beside it where no run can write. */
export type TreeRecord = Omit<z.infer<typeof treeRecord>, 'boot'>;

export async function readTreeRecord(tree: Tree): Promise<TreeRecord | undefined> {
  const text = await readIfExists(recordFile(tree));
  if (text === undefined) return undefined;
  try {
    const record = treeRecord.parse(JSON.parse(text));
    return record.boot === (await bootId()) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Only where the tree is as it says: it is dropped before a change and written after it. */
export async function writeTreeRecord(tree: Tree, record: TreeRecord): Promise<void> {
  const file = recordFile(tree);
  await writeFile(`${file}.tmp`, JSON.stringify({ ...record, boot: await bootId() }));
  await rename(`${file}.tmp`, file);
}

let boot: string | undefined;

async function bootId(): Promise<string> {
  boot ??= ((await readIfExists('/proc/sys/kernel/random/boot_id')) ?? '').trim();
  return boot;
}

export function recordFile(tree: Tree): string {
  return join(tree.gitDirectory, 'redcontrol.json');
}

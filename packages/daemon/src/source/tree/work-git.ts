import { chown, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfExists } from '@redcontrol/system';
import type { Tree, TreeOwner } from './tree.ts';

const config = `[core]
	repositoryformatversion = 0
	bare = false
	filemode = true
	logAllRefUpdates = false
`;

/**
 * The git directory that a tree is written with: an index and a HEAD, with all objects read from the mirror.
 * It belongs to the tree's owner, whom git works as, and stands where no container sees it.
 */
export async function ensureWorkGit(tree: Tree, options: { mirror: string; owner: TreeOwner | undefined }): Promise<void> {
  const { gitDirectory } = tree;
  const alternates = join(gitDirectory, 'objects/info/alternates');
  const objects = `${join(options.mirror, 'objects')}\n`;
  if ((await readIfExists(alternates)) === objects && (await stat(join(gitDirectory, 'HEAD')).catch(() => undefined))) return;
  const made = [gitDirectory, join(gitDirectory, 'objects'), join(gitDirectory, 'objects/info'), join(gitDirectory, 'refs')];
  for (const folder of made) await mkdir(folder, { recursive: true, mode: 0o755 });
  const files = { HEAD: 'ref: refs/heads/none\n', config, 'objects/info/alternates': objects };
  for (const [name, text] of Object.entries(files)) await writeFile(join(gitDirectory, name), text, { mode: 0o644 });
  if (!options.owner) return;
  for (const path of [...made, ...Object.keys(files).map((name) => join(gitDirectory, name))]) await chown(path, options.owner.uid, options.owner.gid);
}

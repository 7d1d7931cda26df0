import { join } from 'node:path';
import { createHash } from 'node:crypto';

/** User that owns a working tree: git writes it as this user, so a hostile tree can lead it to nothing more. */
export interface TreeOwner {
  uid: number;
  gid: number;
}

/**
 * A working tree and the git directory it is written with. That directory stands outside of the tree and is never
 * given to a run: what a run does to `.git` inside the tree is never read on the host, where it could run commands.
 */
export interface Tree {
  directory: string;
  gitDirectory: string;
}

export function rootTree(directory: string): Tree {
  return { directory, gitDirectory: `${directory}.git` };
}

/** Tree of a submodule at `path` below a tree. */
export function moduleTree(parent: Tree, path: string): Tree {
  const id = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return { directory: join(parent.directory, path), gitDirectory: join(parent.gitDirectory, 'modules', id) };
}

/** Undefined where this process may not become somebody else: then all is written as itself. */
export function ownerOf(target: { uid?: number; gid?: number }): TreeOwner | undefined {
  if (target.uid === undefined || process.getuid?.() !== 0) return undefined;
  return { uid: target.uid, gid: target.gid ?? target.uid };
}

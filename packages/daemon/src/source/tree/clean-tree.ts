import type { Git } from '../git/git.ts';
import { runGit } from '../git/run-git.ts';
import type { Tree, TreeOwner } from './tree.ts';

/** Removes everything that the commit does not have, ignored files too; `.git` in the tree stays. */
export async function cleanTree(git: Git, tree: Tree, owner: TreeOwner | undefined, signal: AbortSignal | undefined): Promise<void> {
  await runGit(git, [`--work-tree=${tree.directory}`, 'clean', '-ffdxq'], {
    repository: tree.gitDirectory,
    ...(owner ? { user: owner } : {}),
    ...(signal ? { signal } : {}),
  });
}

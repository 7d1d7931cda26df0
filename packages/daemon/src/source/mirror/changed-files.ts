import { RedControlError } from '@redcontrol/contract';
import { mirrorPath, type Git } from '../git/git.ts';
import { isCommitId } from '../git/ref-name.ts';
import { gitResult } from '../git/run-git.ts';

export interface ChangedFiles {
  paths: string[];
  /** false: there were more than `maxChangedFiles`; treat everything as changed. */
  complete: boolean;
}

export const maxChangedFiles = 20_000;

/** Files that differ between two commits; a renamed one counts under both names. Throws COMMIT_VANISHED. */
export async function changedFiles(git: Git, project: string, from: string, to: string): Promise<ChangedFiles> {
  if (!isCommitId(from) || !isCommitId(to)) throw new RedControlError('COMMIT_VANISHED', 'Expected two commit ids, got something else');
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--no-commit-id', from, to, '--'];
  const result = await gitResult(git, args, { repository: mirrorPath(git, project) });
  if (result.exitCode !== 0) throw new RedControlError('COMMIT_VANISHED', `Expected commits ${from} and ${to} in the mirror of ${project}, one is not there`);
  const paths = result.stdout.split('\0');
  // What stands after the last NUL is empty, or a name that was cut at the output's limit.
  const cut = paths.pop() !== '';
  return { paths: paths.slice(0, maxChangedFiles), complete: !cut && paths.length <= maxChangedFiles };
}

import { RedControlError } from '@redcontrol/contract';
import { mirrorPath, type Git } from '../git/git.ts';
import { isCommitId } from '../git/ref-name.ts';
import { gitFailure, gitResult } from '../git/run-git.ts';

/** Whether `commit` is `branchCommit` or stands in its history. Throws COMMIT_VANISHED when the mirror lacks one of them. */
export async function isAncestor(git: Git, project: string, commit: string, branchCommit: string): Promise<boolean> {
  if (!isCommitId(commit) || !isCommitId(branchCommit)) throw new RedControlError('COMMIT_VANISHED', 'Expected two commit ids, got something else');
  const args = ['merge-base', '--is-ancestor', commit, branchCommit];
  const result = await gitResult(git, args, { repository: mirrorPath(git, project) });
  if (result.exitCode === 0) return true;
  if (result.exitCode === 1) return false;
  if (/Not a valid commit name|not a commit|bad object/i.test(result.stderr)) {
    throw new RedControlError('COMMIT_VANISHED', `Expected commits ${commit} and ${branchCommit} in the mirror, one is not there`);
  }
  throw gitFailure(args, result);
}

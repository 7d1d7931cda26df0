import { mirrorPath, type Git } from '../git/git.ts';
import { isCommitId } from '../git/ref-name.ts';
import { gitResult } from '../git/run-git.ts';
import { mirrorRefs } from './mirror-refs.ts';
import { commitOf } from './remote-refs.ts';

/** Whether a tag's commit stands in the history of a branch's commit. */
export type IsReachable = (tagCommit: string, branchCommit: string) => boolean;

/**
 * Finds out, by one git a branch commit, which of the mirror's tags each can reach; the answer is then there at once.
 * A branch commit that the mirror lacks, or that was not asked for, reaches nothing.
 */
export async function reachableTags(git: Git, project: string, branchCommits: Iterable<string>, signal?: AbortSignal): Promise<IsReachable> {
  const reached = new Map<string, Set<string>>();
  const { tags } = await mirrorRefs(git, project);
  for (const commit of new Set(branchCommits)) {
    if (!isCommitId(commit)) continue;
    const args = ['for-each-ref', `--merged=${commit}`, '--format=%(refname:lstrip=2)', 'refs/tags'];
    const result = await gitResult(git, args, { repository: mirrorPath(git, project), maxOutputBytes: 64 * 1024 * 1024, ...(signal ? { signal } : {}) });
    if (result.exitCode === 0) reached.set(commit, new Set(result.stdout.split('\n').map((name) => commitOf(tags, name)).filter((tagged) => tagged !== undefined)));
  }
  return (tagCommit, branchCommit) => reached.get(branchCommit)?.has(tagCommit) ?? false;
}

import { isCommitId } from '../git/ref-name.ts';
import { mirrorPath, type Git } from '../git/git.ts';
import { gitResult, runGit } from '../git/run-git.ts';
import { mirrorExists } from './ensure-mirror.ts';

/** Whether the mirror holds a commit. */
export async function hasCommit(git: Git, project: string, commit: string): Promise<boolean> {
  if (!isCommitId(commit) || !(await mirrorExists(git, project))) return false;
  const repository = mirrorPath(git, project);
  if (git.memory.hasCommit(repository, commit)) return true;
  const { exitCode } = await gitResult(git, ['cat-file', '-e', `${commit}^{commit}`], { repository });
  if (exitCode === 0) git.memory.addCommits(repository, [commit]);
  return exitCode === 0;
}

/** What the mirror holds under each id, by one git: `commit`, another type, or `missing`. */
export async function objectTypes(git: Git, project: string, ids: readonly string[]): Promise<Map<string, string>> {
  const known = ids.filter(isCommitId);
  if (known.length === 0) return new Map();
  const text = await runGit(git, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], { repository: mirrorPath(git, project), input: `${known.join('\n')}\n` });
  const types = new Map(text.trimEnd().split('\n').map((line) => line.split(' ', 2) as [string, string]));
  git.memory.addCommits(mirrorPath(git, project), known.filter((id) => types.get(id) === 'commit'));
  return types;
}

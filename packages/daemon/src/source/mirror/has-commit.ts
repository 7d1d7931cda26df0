import { isCommitId } from '../git/ref-name.ts';
import { mirrorPath, type Git } from '../git/git.ts';
import { gitResult, runGit } from '../git/run-git.ts';
import { mirrorExists } from './ensure-mirror.ts';

/** Whether the mirror holds a commit, by its id or the beginning of it (at least 7 digits, of one commit only). */
export async function hasCommit(git: Git, project: string, commit: string): Promise<boolean> {
  return (await findCommit(git, project, commit)) !== undefined;
}

/** The full id of a commit of the mirror, or undefined when it has none, or several, that begin so. */
export async function findCommit(git: Git, project: string, text: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{7,64}$/.test(text) || !(await mirrorExists(git, project))) return undefined;
  if (isCommitId(text)) return (await holds(git, project, text)) ? text : undefined;
  // Not by a revision's name: a branch may be called like the beginning of an id.
  const { stdout } = await gitResult(git, ['rev-parse', `--disambiguate=${text}`], { repository: mirrorPath(git, project), maxOutputBytes: 64 * 1024 });
  const types = await objectTypes(git, project, stdout.trim().split('\n'));
  const commits = [...types].filter(([, type]) => type === 'commit').map(([id]) => id);
  return commits.length === 1 ? commits[0] : undefined;
}

async function holds(git: Git, project: string, commit: string): Promise<boolean> {
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

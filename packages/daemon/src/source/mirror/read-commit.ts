import { RedControlError } from '@redcontrol/contract';
import { mirrorPath, type Git } from '../git/git.ts';
import { plainLine } from '../git/plain-line.ts';
import { isCommitId } from '../git/ref-name.ts';
import { gitResult } from '../git/run-git.ts';
import { findCommit } from './has-commit.ts';

export interface CommitInfo {
  commit: string;
  /** First line, at most 200 characters, without control characters. */
  message: string;
  author: string;
  authorEmail: string;
  /** When it was committed: milliseconds since 1970-01-01 UTC. */
  time: number;
}

/** Who committed what when, by a commit's id or the beginning of it. Throws COMMIT_VANISHED when the mirror lacks the commit. */
export async function readCommit(git: Git, project: string, text: string): Promise<CommitInfo> {
  const missing = () => new RedControlError('COMMIT_VANISHED', `Expected commit ${text.slice(0, 64)} in the mirror of ${project}, it is not there`);
  const commit = isCommitId(text) ? text : await findCommit(git, project, text);
  if (commit === undefined) throw missing();
  const args = ['log', '-1', '--no-show-signature', '--encoding=UTF-8', '--format=%ct%x00%an%x00%ae%x00%B', commit, '--'];
  const result = await gitResult(git, args, { repository: mirrorPath(git, project), maxOutputBytes: 64 * 1024 });
  if (result.exitCode !== 0) throw missing();
  const [seconds = '0', author = '', authorEmail = '', ...message] = result.stdout.split('\0');
  return {
    commit,
    message: plainLine(message.join(' ').trimStart(), 200),
    author: plainLine(author, 100),
    authorEmail: plainLine(authorEmail, 200),
    time: Number(seconds) * 1000,
  };
}

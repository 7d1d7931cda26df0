import { RedControlError } from '@redcontrol/contract';
import { mirrorPath, type Git } from '../git/git.ts';
import { plainLine } from '../git/plain-line.ts';
import { isCommitId } from '../git/ref-name.ts';
import { gitResult } from '../git/run-git.ts';
import type { CommitInfo } from './read-commit.ts';

const maxOutputBytes = 1024 * 1024;
const subjectCharacters = 200;

/** Commits that `to` has and `from` has not, newest first, at most `limit`. Throws COMMIT_VANISHED when the mirror lacks one of the two. */
export async function commitsBetween(git: Git, project: string, { from, to, limit }: { from: string; to: string; limit: number }): Promise<Omit<CommitInfo, 'authorEmail'>[]> {
  if (!isCommitId(from) || !isCommitId(to)) throw new RedControlError('COMMIT_VANISHED', 'Expected two commit ids, got something else');
  const args = ['log', '-z', `--max-count=${limit}`, '--no-show-signature', '--encoding=UTF-8', '--format=%H%x01%ct%x01%an%x01%s', `${from}..${to}`, '--'];
  const result = await gitResult(git, args, { repository: mirrorPath(git, project), maxOutputBytes });
  if (result.exitCode !== 0) {
    throw new RedControlError('COMMIT_VANISHED', `Expected commits ${from.slice(0, 12)} and ${to.slice(0, 12)} in the mirror of ${project}, one is not there`, { hint: 'The branch was written anew since: what was between cannot be told.' });
  }
  return result.stdout.split('\0').filter((record) => record !== '').map((record) => {
    const [commit = '', seconds = '0', author = '', ...subject] = record.split('\u0001');
    return { commit, time: Number(seconds) * 1000, author: plainLine(author, 100), message: plainLine(subject.join(' '), subjectCharacters) };
  });
}

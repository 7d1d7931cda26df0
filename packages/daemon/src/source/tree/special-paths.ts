import { mirrorPath, type Git } from '../git/git.ts';
import { isCommitId } from '../git/ref-name.ts';
import { gitResult } from '../git/run-git.ts';

const special = /(?:^|\/)\.(?:gitmodules|gitattributes|lfsconfig)$/;

/** Whether the way from one commit to another touches submodules, attributes or LFS settings, as far as it is known. */
export async function specialPaths(git: Git, project: string, from: string, to: string): Promise<'none' | 'some'> {
  if (!isCommitId(from) || !isCommitId(to)) return 'some';
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', from, to, '--'];
  const maxOutputBytes = 16 * 1024 * 1024;
  const { exitCode, stdout } = await gitResult(git, args, { repository: mirrorPath(git, project), maxOutputBytes });
  if (exitCode !== 0 || stdout.length >= maxOutputBytes) return 'some';
  const parts = stdout.split('\0');
  // `:<old mode> <new mode> …`, then the path.
  return parts.some((part) => (part.startsWith(':') ? part.startsWith(':160000') || part.slice(8, 14) === '160000' : special.test(part))) ? 'some' : 'none';
}

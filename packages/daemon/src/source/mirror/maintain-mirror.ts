import { mirrorPath, type Git } from '../git/git.ts';
import { runGit } from '../git/run-git.ts';
import { mirrorExists } from './ensure-mirror.ts';

/**
 * Packs the mirror when it has become many pieces (each fetch adds one) and drops what no branch or tag has had for
 * two weeks. Costs nothing when there is nothing to do. git keeps it apart from
 * what reads and fetches meanwhile.
 */
export async function maintainMirror(git: Git, project: string, signal?: AbortSignal): Promise<void> {
  if (!(await mirrorExists(git, project))) return;
  const settings = ['gc.auto=2000', 'gc.autoPackLimit=30', 'gc.autoDetach=false', 'gc.pruneExpire=2.weeks.ago', 'pack.threads=1'];
  const args = [...settings.flatMap((setting) => ['-c', setting]), 'gc', '--auto', '--quiet'];
  const mirror = mirrorPath(git, project);
  const work = git.mirrorTurns.take(`maintain ${project}`, () => runGit(git, args, { repository: mirror, timeoutMs: 60 * 60_000, ...(signal ? { signal } : {}) }), signal);
  await work.finally(() => git.memory.forget(mirror));
}

import { chmod, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mirrorPath, type Git } from '../git/git.ts';
import { runGit } from '../git/run-git.ts';

/**
 * The project's bare mirror, made when it is missing: whole or not at all.
 * HEAD leads nowhere, so that nothing in a repository (.lfsconfig, .gitattributes) counts for the mirror itself.
 */
export async function ensureMirror(git: Git, project: string): Promise<{ mirror: string; made: boolean }> {
  const mirror = mirrorPath(git, project);
  if (await mirrorExists(git, project)) {
    if (!unlocked.has(mirror)) await dropLocks(mirror);
    unlocked.add(mirror);
    return { mirror, made: false };
  }
  const temporary = `${mirror}.new`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(git.directory, { recursive: true, mode: 0o711 });
  // 0640: new files can be read by the group, which a checkout sets to that of the steps' user.
  await runGit(git, ['init', '--quiet', '--bare', '--shared=0640', '--', temporary]);
  await writeFile(join(temporary, 'HEAD'), 'ref: refs/redcontrol/none\n');
  await chmod(temporary, 0o2750);
  await rename(temporary, mirror);
  return { mirror, made: true };
}

/** Mirrors whose left-over locks this process has removed. Nobody else writes to them. */
const unlocked = new Set<string>();

/** A git that was killed with the daemon leaves its locks, and no later one could write. */
async function dropLocks(mirror: string): Promise<void> {
  const names = await readdir(join(mirror, 'refs'), { recursive: true });
  const locks = [...names.filter((name) => name.endsWith('.lock')).map((name) => join('refs', name)), 'packed-refs.lock', 'shallow.lock', 'gc.pid'];
  await Promise.all(locks.map((name) => rm(join(mirror, name), { force: true })));
}

export async function mirrorExists(git: Git, project: string): Promise<boolean> {
  return (await stat(join(mirrorPath(git, project), 'HEAD')).catch(() => undefined)) !== undefined;
}

import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readIfExists } from '@redcontrol/system';
import { mirrorPath, type Git } from '../git/git.ts';
import { refNameProblem } from '../git/ref-name.ts';
import { runGit } from '../git/run-git.ts';
import { readRefs, refLines } from '../mirror/mirror-refs.ts';
import type { Placement } from './place-commit.ts';

/** full: all branches and tags. recent: the latest commits of this one. none: no `.git` in the tree. */
export type HistoryState = 'full' | 'recent' | 'none';

export interface History {
  state: HistoryState;
  /** Folder of objects that belongs to this tree. */
  folder: string;
  /** Files in it, relative: packs, seldom single objects. */
  files: string[];
  /** Content of git's `shallow` file, where the history is cut. */
  shallow: string | undefined;
}

const recentCommits = 50;
const packFile = /^pack-[0-9a-f]+\.(?:pack|idx|rev)$/;
const looseFolder = /^[0-9a-f]{2}$/;

/** Brings the tree's own copy of the history up to date: only what is new is copied. */
export async function syncHistory(git: Git, placement: Placement): Promise<History> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await syncOnce(git, placement);
    } catch (error) {
      // The mirror's maintenance has put other packs in the place of these.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 3) throw error;
    }
  }
}

async function syncOnce(git: Git, placement: Placement): Promise<History> {
  const objects = join(mirrorPath(git, placement.project), 'objects');
  const files = await objectFiles(objects);
  const sizes = await Promise.all(files.map((file) => stat(join(objects, file)).then(({ size }) => size, () => 0)));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return bytes <= git.historyLimitBytes ? copyAll(placement, objects, files) : fetchRecent(git, placement);
}

async function copyAll({ tree }: Placement, objects: string, files: string[]): Promise<History> {
  const folder = join(tree.gitDirectory, 'history');
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const present = new Set(await objectFiles(folder));
  for (const file of present) if (!files.includes(file)) await rm(join(folder, file), { force: true });
  for (const file of files) {
    if (present.has(file)) continue;
    const target = join(folder, file);
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await copyFile(join(objects, file), `${target}.tmp`, constants.COPYFILE_FICLONE);
    await rename(`${target}.tmp`, target);
  }
  return { state: 'full', folder, files, shallow: undefined };
}

async function fetchRecent(git: Git, { project, tree, commit, signal }: Placement): Promise<History> {
  const repository = join(tree.gitDirectory, 'recent');
  if ((await stat(repository).catch(() => undefined)) === undefined) await runGit(git, ['init', '--quiet', '--bare', '--', repository]);
  const args = ['fetch', '--quiet', '--force', `--depth=${recentCommits}`, '--', `file://${mirrorPath(git, project)}`, `+${commit}:refs/redcontrol/head`];
  await runGit(git, args, { repository, ...(signal ? { signal } : {}) });
  const folder = join(repository, 'objects');
  return { state: 'recent', folder, files: await objectFiles(folder), shallow: (await readIfExists(join(repository, 'shallow'))) ?? '' };
}

/** Packs first of all; single objects only where git has unpacked some, as its own clean-up does. */
async function objectFiles(objects: string): Promise<string[]> {
  const names = await readdir(objects).catch(() => [] as string[]);
  const files = (await readdir(join(objects, 'pack')).catch(() => [] as string[])).filter((name) => packFile.test(name)).map((name) => `pack/${name}`);
  // An index without its pack is an error to git, a pack without its index is not seen.
  files.sort((a, b) => Number(a.endsWith('.idx')) - Number(b.endsWith('.idx')));
  for (const name of names.filter((candidate) => looseFolder.test(candidate))) {
    const inside = await readdir(join(objects, name)).catch(() => [] as string[]);
    files.push(...inside.filter((file) => /^[0-9a-f]+$/.test(file)).map((file) => `${name}/${file}`));
  }
  return files;
}

/** git's `packed-refs`: tags, and the branches as those of `origin`. https://git-scm.com/docs/gitrepository-layout */
export async function historyRefs(git: Git, { project, tree }: Placement, isRecent: boolean): Promise<string> {
  const repository = isRecent ? join(tree.gitDirectory, 'recent') : mirrorPath(git, project);
  const text = isRecent ? await readRefs(git, repository) : await git.memory.refs(repository, () => readRefs(git, repository));
  const lines = refLines(text).flatMap(({ name, object }) => {
    const isBranch = name.startsWith('refs/heads/');
    const short = name.slice(isBranch ? 'refs/heads/'.length : 'refs/tags/'.length);
    if (refNameProblem(short) !== undefined) return [];
    const ref = isBranch ? `refs/remotes/origin/${short}` : name;
    return [{ ref, text: `${object} ${ref}\n` }];
  });
  lines.sort((a, b) => Buffer.compare(Buffer.from(a.ref), Buffer.from(b.ref)));
  return `# pack-refs with: sorted \n${lines.map((entry) => entry.text).join('')}`;
}

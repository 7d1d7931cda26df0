import { chownSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { chown, copyFile, lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from '@redcontrol/system';
import type { Git } from '../git/git.ts';
import { parseRemote } from '../git/remote-url.ts';
import { historyRefs, syncHistory, type History, type HistoryState } from './history.ts';
import type { Placement } from './place-commit.ts';
import { removeAsOwner } from './remove-tree.ts';
import type { TreeOwner } from './tree.ts';

export type { HistoryState };

/** What a new `.git` is made of; does not depend on the tree, so that it can be got ready while that is written. */
export async function prepareInnerGit(git: Git, placement: Placement): Promise<PreparedGit | undefined> {
  await removeAsOwner(join(placement.tree.gitDirectory, 'next'), undefined);
  if (placement.history === 'none') return undefined;
  const history = await syncHistory(git, placement);
  return { history, refs: await historyRefs(git, placement, history.shallow !== undefined) };
}

export interface PreparedGit {
  history: History;
  /** Content of `packed-refs`. */
  refs: string;
}

/**
 * Puts `.git` into the tree, for the run's own tools. It is made anew beside the tree and moved in, so that nothing a
 * run left in the old one counts. Its packs are hard links to a copy that belongs to this tree alone: root's, not
 * writable for the run, and not the mirror's.
 */
export async function placeInnerGit(placement: Placement, prepared: PreparedGit | undefined): Promise<HistoryState> {
  const { tree, owner, depth } = placement;
  const target = join(tree.directory, '.git');
  const there = (await lstat(target).catch(() => undefined)) !== undefined;
  if (!prepared) {
    if (there) await removeAsOwner(target, owner);
    return 'none';
  }
  const next = join(tree.gitDirectory, 'next');
  await build(placement, { next, ...prepared });
  // Only the tree's own folder is passed on the way, and nobody but root can replace that one. Further down it is
  // the owner who moves, as a path inside the tree may lead anywhere.
  const mover = depth === 0 ? undefined : owner;
  if (there) await move(target, await placeForOld(tree.gitDirectory, owner), mover);
  await move(next, target, mover);
  return prepared.history.state;
}

/** Old ones go several at a time, or with the tree: a run does not wait for that. */
const maxOld = 8;

async function placeForOld(gitDirectory: string, owner: TreeOwner | undefined): Promise<string> {
  const folder = join(gitDirectory, 'old');
  let count = (await readdir(folder).catch(() => [])).length;
  if (count >= maxOld) {
    await removeAsOwner(folder, undefined);
    count = 0;
  }
  await mkdir(folder, { recursive: true });
  if (owner) await chown(folder, owner.uid, owner.gid);
  return join(folder, String(count));
}

/**
 * Some dozen folders, links and small files. Made without giving the thread away: that takes a millisecond in all,
 * where each of them by itself would cost as much as the work.
 */
async function build(placement: Placement, made: { next: string } & PreparedGit): Promise<void> {
  const { tree, owner } = placement;
  const { next, history, refs } = made;
  const folders = new Set(['', 'objects', 'objects/pack', 'objects/info', 'refs', 'refs/heads', 'refs/tags'].map((name) => join(next, name)));
  for (const file of history.files) folders.add(join(next, 'objects', file.slice(0, file.lastIndexOf('/'))));
  for (const folder of folders) mkdirSync(folder, { mode: 0o755 });
  for (const file of history.files) linkSync(join(history.folder, file), join(next, 'objects', file));
  const texts: Record<string, string> = {
    HEAD: `${placement.commit}\n`,
    config: innerConfig(placement.url),
    'packed-refs': refs,
    ...(history.shallow === undefined ? {} : { shallow: history.shallow }),
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(next, name), text, { mode: 0o644 });
  await copyFile(join(tree.gitDirectory, 'index'), join(next, 'index'));
  if (!owner) return;
  for (const path of [...folders, ...[...Object.keys(texts), 'index'].map((name) => join(next, name))]) chownSync(path, owner.uid, owner.gid);
}

/** The remote is named for tools that ask for it; without its credentials. */
function innerConfig(url: string | undefined): string {
  const remote = url === undefined ? '' : `[remote "origin"]\n\turl = "${parseRemote(url).url.replaceAll(/["\\]/g, '\\$&')}"\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`;
  return `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfilemode = true\n\tlogAllRefUpdates = true\n[submodule]\n\tactive = .\n[gc]\n\tauto = 0\n${remote}`;
}

async function move(from: string, to: string, owner: TreeOwner | undefined): Promise<void> {
  if (!owner) return rename(from, to);
  await runOrThrow('mv', ['--no-target-directory', '--', from, to], { cwd: '/', timeoutMs: 60_000, user: owner });
}

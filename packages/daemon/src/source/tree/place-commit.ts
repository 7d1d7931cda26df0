import { chown, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mirrorPath, type Git } from '../git/git.ts';
import { runGit } from '../git/run-git.ts';
import { ensureReadable, letPass } from './ensure-readable.ts';
import { ensureWorkGit } from './work-git.ts';
import { fetchLfs, usesLfs, type LfsState } from './lfs.ts';
import { placeInnerGit, prepareInnerGit, type HistoryState } from './inner-git.ts';
import { placeSubmodules, type PlacedSubmodule } from './place-submodules.ts';
import { emptyFolder, removeAsOwner } from './remove-tree.ts';
import { recordFile, writeTreeRecord, type TreeRecord } from './tree-record.ts';
import type { Tree, TreeOwner } from './tree.ts';

export interface Placement {
  project: string;
  commit: string;
  tree: Tree;
  owner: TreeOwner | undefined;
  url: string | undefined;
  lfs: 'auto' | 'off';
  history: 'auto' | 'none';
  signal: AbortSignal | undefined;
  /** 0 for the repository itself, 1 for its submodules and so on. */
  depth: number;
  /** What stands in the tree; undefined: it is made anew. */
  previous: { record: TreeRecord; special: boolean } | undefined;
}

/** What a checkout found and did. */
export interface Placed {
  submodules: PlacedSubmodule[];
  /** false: the tree was moved, and files that git does not know stayed. */
  anew: boolean;
  /** none: the repository has none. pointers: they were left as pointers. */
  lfs: LfsState;
  /** How much history `.git` in the tree has. */
  history: HistoryState;
  /** What the log of a run should say about it, in sentences. */
  notes: string[];
}

/** Writes a commit into a tree. The order matters: the record goes first and comes back last. */
export async function placeCommit(git: Git, placement: Placement): Promise<Placed> {
  const { project, tree, owner, previous } = placement;
  const mirror = mirrorPath(git, project);
  await prepareFolder(placement);
  await rm(recordFile(tree), { force: true });
  if (owner) await ensureReadable(mirror, owner.gid);
  await ensureWorkGit(tree, { mirror, owner });
  // A submodule's place may become a file of the repository: it is emptied before, never after.
  if (previous?.special) for (const path of previous.record.modules) await removeAsOwner(join(tree.directory, path), owner);

  // While git writes the files, what goes into `.git` is got together; both have ended before this ends.
  const [written, prepared] = await Promise.allSettled([writeFiles(git, placement), prepareInnerGit(git, placement)]);
  if (written.status === 'rejected') throw written.reason;
  if (prepared.status === 'rejected') throw prepared.reason;
  const { lfs, modules } = written.value;
  const history = await placeInnerGit(placement, prepared.value);
  const own = modules.filter(({ depth }) => depth === placement.depth + 1).map(({ path }) => path);
  await writeTreeRecord(tree, { project, commit: placement.commit, special: lfs !== 'none' || own.length > 0, modules: own });
  return { submodules: modules, anew: previous === undefined, lfs, history, notes: notesOf(placement, lfs, history) };
}

async function writeFiles(git: Git, placement: Placement): Promise<{ lfs: LfsState; modules: PlacedSubmodule[] }> {
  const { tree, owner, previous } = placement;
  const looks = previous === undefined || previous.special;
  const lfs = looks && (await usesLfs(git, placement.project, placement.commit)) ? await fetchLfs(git, placement) : { state: 'none' as const, variables: {} };
  await runGit(git, [`--work-tree=${tree.directory}`, 'checkout', '--force', '--detach', '--quiet', placement.commit, '--'], {
    repository: tree.gitDirectory,
    variables: lfs.variables,
    ...(owner ? { user: owner } : {}),
    ...(placement.signal ? { signal: placement.signal } : {}),
  });
  return { lfs: lfs.state, modules: looks ? await placeSubmodules(git, placement, placeCommit) : [] };
}

/** A tree that is made anew begins with an empty folder; the folder itself stays, as it may be mounted somewhere. */
async function prepareFolder({ tree, owner, previous, depth }: Placement): Promise<void> {
  // A submodule's folder is made by the checkout around it.
  if (previous || depth > 0) return;
  await mkdir(tree.directory, { recursive: true, mode: 0o755 });
  if ((await readdir(tree.directory)).length > 0) await emptyFolder(tree.directory);
  if (!owner) return;
  await chown(tree.directory, owner.uid, owner.gid);
  await letPass(tree.directory);
}

function notesOf({ depth }: Placement, lfs: LfsState, history: HistoryState): string[] {
  if (depth > 0) return [];
  const notes: string[] = [];
  if (lfs === 'pointers') notes.push('The repository has LFS files; git-lfs is not installed on the server, so they are pointers.');
  if (history === 'recent') notes.push('The repository is large: .git in the working tree has only its latest commits.');
  return notes;
}

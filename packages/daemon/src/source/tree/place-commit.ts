import { chown, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mirrorPath, type Git } from '../git/git.ts';
import { runGit } from '../git/run-git.ts';
import { ensureReadable, letPass } from './ensure-readable.ts';
import { ensureWorkGit } from './work-git.ts';
import { fetchLfs, usesLfs, type LfsState } from './lfs.ts';
import { placeInnerGit, type HistoryState } from './inner-git.ts';
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
  const modulesBefore = previous?.record.modules ?? [];
  // A submodule's place may become a file of the repository: it is emptied before, never after.
  if (previous?.special) for (const path of modulesBefore) await removeAsOwner(join(tree.directory, path), owner);

  const look = previous === undefined || previous.special;
  const lfs = look && (await usesLfs(git, project, placement.commit)) ? await fetchLfs(git, placement) : { state: 'none' as const, variables: {} };
  await runGit(git, [`--work-tree=${tree.directory}`, 'checkout', '--force', '--detach', '--quiet', placement.commit, '--'], {
    repository: tree.gitDirectory,
    variables: lfs.variables,
    ...(owner ? { user: owner } : {}),
    ...(placement.signal ? { signal: placement.signal } : {}),
  });
  const modules = look ? await placeSubmodules(git, placement) : { placed: [], notes: [] };
  const history = await placeInnerGit(git, placement);
  const special = lfs.state !== 'none' || modules.placed.length > 0;
  await writeTreeRecord(tree, { project, commit: placement.commit, special, modules: modules.placed.filter(({ depth }) => depth === placement.depth + 1).map(({ path }) => path) });
  return { submodules: modules.placed, lfs: lfs.state, history, notes: [...notesOf(placement, lfs.state, history), ...modules.notes] };
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

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { mirrorPath, type Git } from '../git/git.ts';
import { plainLine } from '../git/plain-line.ts';
import { parseRemote } from '../git/remote-url.ts';
import { gitResult, runGit } from '../git/run-git.ts';
import { fetchMirror } from '../mirror/fetch-mirror.ts';
import { requireFollowable } from './followable.ts';
import type { Placed, Placement } from './place-commit.ts';
import { removeAsOwner } from './remove-tree.ts';
import { resolveSubmoduleUrl } from './submodule-url.ts';
import { moduleTree } from './tree.ts';

export interface PlacedSubmodule {
  /** Folder in the tree that it stands in. */
  path: string;
  commit: string;
  url: string;
  /** 1: of the repository itself; 2: of a submodule. */
  depth: number;
}

/** How a commit is placed: the same way as the repository's own. */
type PlaceCommit = (git: Git, placement: Placement) => Promise<Placed>;

const maxSubmodules = 100;
const maxDepth = 5;

/**
 * Each submodule is one more repository: its own mirror, the project's deploy key, the same rules, a tree in the tree.
 * `git submodule` itself is not used: it would run in the tree, over the network, on settings that the repository writes.
 */
export async function placeSubmodules(git: Git, placement: Placement, place: PlaceCommit): Promise<PlacedSubmodule[]> {
  const wanted = await submodulesOf(git, placement);
  if (wanted.length === 0) return [];
  if (placement.url === undefined) throw new RedControlError('INTERNAL', `Expected the URL of ${placement.project} for its submodules, got none`);
  if (placement.depth >= maxDepth) throw new RedControlError('LIMIT_REACHED', `Expected submodules at most ${maxDepth} deep, got more`);
  const modules = moduleGit(git, placement.project);
  const placed: PlacedSubmodule[] = [];
  for (const { path, commit, address } of wanted) {
    placement.signal?.throwIfAborted();
    const inside = await placeOne({ git, modules, parent: placement, place }, { path, commit, address });
    placed.push({ path, commit, url: inside.url, depth: placement.depth + 1 }, ...inside.submodules.map((deeper) => ({ ...deeper, path: join(path, deeper.path) })));
    if (placed.length > maxSubmodules) throw new RedControlError('LIMIT_REACHED', `Expected at most ${maxSubmodules} submodules, got more`);
  }
  return placed;
}

async function placeOne({ git, modules, parent, place }: { git: Git; modules: Git; parent: Placement; place: PlaceCommit }, link: { path: string; commit: string; address: string }) {
  const parentUrl = parent.url ?? '';
  const url = resolveSubmoduleUrl(parentUrl, link.address);
  const child = parseRemote(url);
  await requireFollowable(git, { parent: parseRemote(parentUrl), child, what: `submodule (${plainLine(link.path, 100)})` });
  const project = `m${createHash('sha256').update(child.url).digest('hex').slice(0, 32)}`;
  await fetchMirror(modules, { project, url, wanted: link.commit, ...(parent.signal ? { signal: parent.signal } : {}) });
  const tree = moduleTree(parent.tree, link.path);
  // The tree's folder was emptied before the checkout around it: an old index would say that the files are there.
  await removeAsOwner(tree.gitDirectory, undefined);
  const placed = await place(modules, { ...parent, project, commit: link.commit, tree, url, depth: parent.depth + 1, previous: undefined });
  return { url: child.url, ...placed };
}

/** The commit's links to other repositories that .gitmodules has an address for. */
async function submodulesOf(git: Git, { project, commit }: Placement): Promise<{ path: string; commit: string; address: string }[]> {
  const repository = mirrorPath(git, project);
  const args = ['config', `--blob=${commit}:.gitmodules`, '-z', '--get-regexp', '^submodule\\..*\\.(path|url)$'];
  const settings = await gitResult(git, args, { repository, maxOutputBytes: 1024 * 1024 });
  if (settings.exitCode !== 0) return [];
  const addresses = addressesByPath(settings.stdout);
  if (addresses.size === 0) return [];
  const paths = [...addresses.keys()].slice(0, maxSubmodules + 1);
  const listed = await runGit(git, ['ls-tree', '-z', '--full-tree', commit, '--', ...paths], { repository });
  return listed.split('\0').flatMap((entry) => {
    const [, linked, path] = /^160000 commit ([0-9a-f]+)\t([^]*)$/.exec(entry) ?? [];
    const address = path === undefined ? undefined : addresses.get(path);
    return linked !== undefined && path !== undefined && address !== undefined ? [{ path, commit: linked, address }] : [];
  });
}

/** `submodule.<name>.path\n<value>` entries, NUL between them. */
function addressesByPath(text: string): Map<string, string> {
  const byName = new Map<string, { path?: string; url?: string }>();
  for (const entry of text.split('\0')) {
    const [, name, key, value] = /^submodule\.([^]*)\.(path|url)\n([^]*)$/.exec(entry) ?? [];
    if (name === undefined || value === undefined) continue;
    byName.set(name, { ...byName.get(name), [key === 'path' ? 'path' : 'url']: value });
  }
  const pairs = [...byName.values()].flatMap(({ path, url }) => (path && url && !/[\0\n]/.test(path + url) ? [[path.replace(/\/+$/, ''), url] as const] : []));
  return new Map(pairs);
}

/** Mirrors of submodules stand apart from the projects', in the folder of the project that led to them. */
function moduleGit(git: Git, project: string): Git {
  if (git.keyName !== undefined) return git;
  return { ...git, directory: mirrorPath(git, project).replace(/\.git$/, '.modules'), keyName: project };
}

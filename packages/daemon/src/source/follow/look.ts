import type { Git } from '../git/git.ts';
import { mirrorExists } from '../mirror/ensure-mirror.ts';
import { fetchMirror } from '../mirror/fetch-mirror.ts';
import { objectTypes } from '../mirror/has-commit.ts';
import { isAncestor } from '../mirror/is-ancestor.ts';
import { listRemote } from '../mirror/list-remote.ts';
import { mirrorRefs } from '../mirror/mirror-refs.ts';
import { isEmpty, type ListedRefs, type RemoteRefs } from '../mirror/remote-refs.ts';
import { compareRefs } from './compare-refs.ts';
import type { RefChange } from './ref-change.ts';

export interface Look {
  /** As they are to be stored: a ref whose commit vanished before it was fetched stays as it was, to be seen again. */
  refs: ListedRefs;
  changes: RefChange[];
  /** Nothing was known before, or the repository was empty. */
  firstLook: boolean;
  fetched: boolean;
}

export interface LookOptions {
  project: string;
  url: string;
  stored: RemoteRefs | undefined;
  /** Something has probably changed: fetched at once, which saves the question before. */
  expectChange: boolean;
  signal: AbortSignal;
}

/** Up to this many changed refs are fetched by their names; more by a fetch of all. */
const maxNamedRefs = 20;

/**
 * Looks at the repository once and brings the commits of all that changed into the mirror.
 * Throws REPOSITORY_UNREACHABLE, DISK_FULL, LIMIT_REACHED.
 */
export async function lookAtSource(git: Git, options: LookOptions): Promise<Look> {
  const { project, url, stored, signal } = options;
  const firstLook = stored === undefined || isEmpty(stored);
  const before = stored ?? { branches: {}, tags: {} };
  const fetchFirst = options.expectChange && !firstLook && (await mirrorExists(git, project));
  if (fetchFirst) await fetchMirror(git, { project, url, signal });
  const seen = fetchFirst ? withHead(await mirrorRefs(git, project), stored.head) : await listRemote(git, { project, url, signal, head: firstLook });
  const refs = fetchFirst || firstLook ? seen : withHead(seen, stored.head);
  const changes = compareRefs(before, refs);
  if (changes.length === 0) return { refs, changes, firstLook, fetched: fetchFirst };
  if (!fetchFirst) await fetchMirror(git, { project, url, signal, ...namedRefs(changes) });
  const settled = await settle(git, { project, before, refs, changes });
  return { ...settled, changes: await Promise.all(settled.changes.map((change) => withForced(git, project, change))), firstLook, fetched: true };
}

function namedRefs(changes: readonly RefChange[]): { refs?: string[] } {
  if (changes.length > maxNamedRefs || changes.some(({ after }) => after === undefined)) return {};
  return { refs: changes.map(({ kind, name }) => `refs/${kind === 'branch' ? 'heads' : 'tags'}/${name}`) };
}

/** Takes back what cannot be worked on: commits that went between question and fetch, and tags of something else. */
async function settle(git: Git, look: { project: string; before: RemoteRefs; refs: ListedRefs; changes: RefChange[] }): Promise<{ refs: ListedRefs; changes: RefChange[] }> {
  const types = await objectTypes(git, look.project, look.changes.flatMap(({ after }) => (after === undefined ? [] : [after])));
  const branches = new Map(Object.entries(look.refs.branches));
  const tags = new Map(Object.entries(look.refs.tags));
  const refused = [...look.refs.refused];
  const changes = look.changes.filter((change) => {
    const type = change.after === undefined ? 'commit' : types.get(change.after);
    if (type === 'commit') return true;
    const names = change.kind === 'branch' ? branches : tags;
    if (type !== 'missing' && type !== undefined) refused.push({ kind: change.kind, name: change.name, reason: `points to a ${type}, not to a commit` });
    else if (change.before === undefined) names.delete(change.name);
    else names.set(change.name, change.before);
    return false;
  });
  return { refs: { ...look.refs, branches: Object.fromEntries(branches), tags: Object.fromEntries(tags), refused }, changes };
}

async function withForced(git: Git, project: string, change: RefChange): Promise<RefChange> {
  if (change.kind !== 'branch' || change.before === undefined || change.after === undefined) return change;
  const forward = await isAncestor(git, project, change.before, change.after).catch(() => false);
  return forward ? change : { ...change, forced: true };
}

function withHead(refs: ListedRefs, head: string | undefined): ListedRefs {
  return head === undefined ? refs : { ...refs, head };
}

import type { Git } from '../git/git.ts';
import { mirrorExists } from '../mirror/ensure-mirror.ts';
import { fetchMirror } from '../mirror/fetch-mirror.ts';
import { objectTypes } from '../mirror/has-commit.ts';
import { isAncestor } from '../mirror/is-ancestor.ts';
import { listRemote } from '../mirror/list-remote.ts';
import { mirrorRefs } from '../mirror/mirror-refs.ts';
import { isEmpty, notCommit, type ListedRefs, type RemoteRefs } from '../mirror/remote-refs.ts';
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
  if (options.expectChange && !firstLook && (await mirrorExists(git, project))) {
    await fetchMirror(git, { project, url, signal });
    const refs = withHead(await mirrorRefs(git, project), stored.head);
    return { refs, changes: await withForced(git, project, compareRefs(before, refs)), firstLook, fetched: true };
  }
  const listed = await listRemote(git, { project, url, signal, head: firstLook });
  const refs = firstLook ? listed : withHead(listed, stored.head);
  // Before the fetch it is only known what the mirror has already: tags of trees and files, met at an earlier look.
  const news = await settle(git, { project, before, refs, changes: compareRefs(before, refs), isFetched: false });
  if (news.changes.length === 0) return { ...news, firstLook, fetched: false };
  await fetchMirror(git, { project, url, signal, ...namedRefs(news.changes) });
  const settled = await settle(git, { project, before, ...news, isFetched: true });
  return { ...settled, changes: await withForced(git, project, settled.changes), firstLook, fetched: true };
}

function namedRefs(changes: readonly RefChange[]): { refs?: string[] } {
  if (changes.length > maxNamedRefs || changes.some(({ after }) => after === undefined)) return {};
  return { refs: changes.map(({ kind, name }) => `refs/${kind === 'branch' ? 'heads' : 'tags'}/${name}`) };
}

export interface Seen {
  refs: ListedRefs;
  changes: RefChange[];
}

/** Takes back what cannot be worked on: tags of something else, and, after the fetch, commits that went before it. */
export async function settle(git: Git, look: Seen & { project: string; before: RemoteRefs; isFetched: boolean }): Promise<Seen> {
  const wanted = look.changes.flatMap(({ after }) => (after === undefined ? [] : [after]));
  const types = look.isFetched || (await mirrorExists(git, look.project)) ? await objectTypes(git, look.project, wanted) : new Map<string, string>();
  const names = { branch: new Map(Object.entries(look.refs.branches)), tag: new Map(Object.entries(look.refs.tags)) };
  const refused = [...look.refs.refused];
  const changes = look.changes.filter(({ kind, name, before, after }) => {
    const type = after === undefined ? 'commit' : (types.get(after) ?? 'missing');
    if (type === 'commit' || (type === 'missing' && !look.isFetched)) return true;
    const reason = type === 'missing' ? undefined : notCommit(type);
    if (reason !== undefined) refused.push({ kind, name, reason });
    // As it was before: what vanished is seen again at the next look.
    if (before === undefined) names[kind].delete(name);
    else names[kind].set(name, before);
    return false;
  });
  return { refs: { ...look.refs, branches: Object.fromEntries(names.branch), tags: Object.fromEntries(names.tag), refused }, changes };
}

async function withForced(git: Git, project: string, changes: RefChange[]): Promise<RefChange[]> {
  const marked: RefChange[] = [];
  for (const change of changes) {
    const { kind, before, after } = change;
    const isForced = kind === 'branch' && before !== undefined && after !== undefined && !(await isAncestor(git, project, before, after).catch(() => false));
    marked.push(isForced ? { ...change, forced: true } : change);
  }
  return marked;
}

function withHead(refs: ListedRefs, head: string | undefined): ListedRefs {
  return head === undefined ? refs : { ...refs, head };
}

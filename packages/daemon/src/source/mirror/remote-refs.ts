import { isCommitId, refNameProblem, type RefusedRef } from '../git/ref-name.ts';
import { plainLine } from '../git/plain-line.ts';

/** What a repository's branches and tags point to. Short names to full commit ids; tags are peeled. */
export interface RemoteRefs {
  branches: Record<string, string>;
  tags: Record<string, string>;
  /** Short name of the default branch, where the host says it. */
  head?: string;
}

/** As seen at a look, with the names that git allows and that are never used. */
export interface ListedRefs extends RemoteRefs {
  refused: RefusedRef[];
}

/** Names that are kept for showing; what is refused beyond is only not used. */
const maxRefused = 1000;

/** Own entries only: a branch may be called `constructor`. */
export function commitOf(refs: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(refs, name) ? refs[name] : undefined;
}

/**
 * Sorts full ref names (`refs/heads/…`, `refs/tags/…`) with their commits into branches, tags and refused ones.
 * `type` is what the id stands for, where it is known.
 */
export function sortRefs(entries: Iterable<{ name: string; commit: string; type?: string }>, head: string | undefined): ListedRefs {
  const branches = new Map<string, string>();
  const tags = new Map<string, string>();
  const refused: RefusedRef[] = [];
  for (const { name, commit, type } of entries) {
    const kind = name.startsWith('refs/heads/') ? 'branch' : name.startsWith('refs/tags/') ? 'tag' : undefined;
    if (kind === undefined || !isCommitId(commit)) continue;
    const short = name.slice(kind === 'branch' ? 'refs/heads/'.length : 'refs/tags/'.length);
    const reason = refNameProblem(short) ?? notCommit(type);
    if (reason === undefined) (kind === 'branch' ? branches : tags).set(short, commit);
    else if (refused.length < maxRefused) refused.push({ name: plainLine(short, 200), kind, reason });
  }
  // fromEntries makes own entries also of names such as __proto__.
  return {
    branches: Object.fromEntries(branches),
    tags: Object.fromEntries(tags),
    refused,
    ...(head !== undefined && refNameProblem(head) === undefined ? { head } : {}),
  };
}

export function notCommit(type: string | undefined): string | undefined {
  return type === undefined || type === 'commit' ? undefined : `points to a ${type}, not to a commit`;
}

export function isEmpty(refs: RemoteRefs): boolean {
  return Object.keys(refs.branches).length === 0 && Object.keys(refs.tags).length === 0;
}

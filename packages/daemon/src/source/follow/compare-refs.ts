import { commitOf, type RemoteRefs } from '../mirror/remote-refs.ts';
import type { RefChange } from './ref-change.ts';

/** What changed between two looks; nothing where both are the same. `forced` is for git to say. */
export function compareRefs(before: RemoteRefs, after: RemoteRefs): RefChange[] {
  return [...compare('branch', before.branches, after.branches), ...compare('tag', before.tags, after.tags)];
}

function* compare(kind: RefChange['kind'], before: Record<string, string>, after: Record<string, string>): Generator<RefChange> {
  for (const [name, commit] of Object.entries(after)) {
    const old = commitOf(before, name);
    if (old === undefined) yield { kind, name, after: commit };
    else if (old !== commit) yield { kind, name, before: old, after: commit };
  }
  for (const [name, commit] of Object.entries(before)) {
    if (commitOf(after, name) === undefined) yield { kind, name, before: commit };
  }
}

/**
 * What is known of the mirrors without asking git again: each question costs a process. Only our own fetches and
 * maintenance change a mirror, and both say so here.
 */
export interface MirrorMemory {
  hasCommit(mirror: string, commit: string): boolean;
  addCommits(mirror: string, commits: Iterable<string>): void;
  /** The text that `read` answers, until refs change. */
  refs(mirror: string, read: () => Promise<string>): Promise<string>;
  refsChanged(mirror: string): void;
  /** Commits may be gone too. */
  forget(mirror: string): void;
}

const maxCommits = 1000;
/** About 1,000 refs; the text of a larger repository is read each time. */
const maxRefsLength = 128 * 1024;

export function createMirrorMemory(): MirrorMemory {
  const commits = new Map<string, Set<string>>();
  const texts = new Map<string, string>();
  /** Counts changes, so that a text read while refs change is not kept. */
  const generations = new Map<string, number>();

  const refsChanged = (mirror: string) => {
    texts.delete(mirror);
    generations.set(mirror, (generations.get(mirror) ?? 0) + 1);
  };

  return {
    hasCommit: (mirror, commit) => commits.get(mirror)?.has(commit) ?? false,
    addCommits(mirror, added) {
      const known = commits.get(mirror) ?? new Set();
      for (const commit of added) known.add(commit);
      if (known.size > maxCommits) known.clear();
      commits.set(mirror, known);
    },
    async refs(mirror, read) {
      const kept = texts.get(mirror);
      if (kept !== undefined) return kept;
      const generation = generations.get(mirror);
      const text = await read();
      if (text.length <= maxRefsLength && generations.get(mirror) === generation) texts.set(mirror, text);
      return text;
    },
    refsChanged,
    forget(mirror) {
      refsChanged(mirror);
      commits.delete(mirror);
    },
  };
}

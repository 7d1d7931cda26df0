import type { Git } from '../git/git.ts';
import { hasCommit } from '../mirror/has-commit.ts';

/** Commits that webhooks named and that no look has shown yet: hosts announce before they show. */
export interface CommitHints {
  add(commit: string): void;
  /** To be called after a look: how long to wait for the next one because of a hint; undefined where none is open. */
  nextWaitMs(): Promise<number | undefined>;
}

/** Waits after each look that did not show the commit; then polling goes on as ever. */
const waitsMs = [1000, 2000, 4000];
const maxHints = 100;

export function createCommitHints(git: Git, project: string): CommitHints {
  let open: { commit: string; tries: number }[] = [];
  return {
    add(commit) {
      if (open.length < maxHints && !open.some((hint) => hint.commit === commit)) open.push({ commit, tries: 0 });
    },
    async nextWaitMs() {
      const asked = open;
      const there = await Promise.all(asked.map(({ commit }) => hasCommit(git, project, commit)));
      const late = new Set(asked.filter(({ tries }, index) => there[index] || tries >= waitsMs.length));
      open = open.filter((hint) => !late.has(hint)).map((hint) => (asked.includes(hint) ? { ...hint, tries: hint.tries + 1 } : hint));
      const waits = open.map(({ tries }) => waitsMs[Math.max(0, tries - 1)] ?? 0);
      return waits.length === 0 ? undefined : Math.min(...waits);
    },
  };
}

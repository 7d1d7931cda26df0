import type { Store } from './open-store.ts';

/** Since when, and by whom, pushes are not deployed to an environment. Times are ms since 1970 UTC. */
export interface Pause {
  at: number;
  by: string;
}

/** Pauses an environment; one that is paused already stays so with who did it first. */
export function addPause(store: Store, owner: { project: string; environment: string }, { at, by }: Pause): void {
  store.sql('INSERT OR IGNORE INTO pauses (project, environment, at, by) VALUES (?, ?, ?, ?)').run(owner.project, owner.environment, at, by);
}

/** Answers whether it was paused. */
export function removePause(store: Store, { project, environment }: { project: string; environment: string }): boolean {
  return store.sql('DELETE FROM pauses WHERE project = ? AND environment = ?').run(project, environment).changes === 1;
}

export function pauseOf(store: Store, { project, environment }: { project: string; environment: string }): Pause | undefined {
  const row = store.sql('SELECT at, by FROM pauses WHERE project = ? AND environment = ?').get(project, environment) as unknown as Pause | undefined;
  return row && { at: row.at, by: row.by };
}

import type { PreviewPlace } from '@redcontrol/contract';
import type { Store } from './open-store.ts';

/** A branch's own environment. Its row is there before anything of it is, and goes after all of it is gone. Times are ms since 1970 UTC. */
export interface StoredPreview extends PreviewPlace {
  project: string;
  /** ending: it counts as an environment no more, and what it has is being removed. */
  state: 'open' | 'ending';
  /** none: its database has to be made anew before it is used. */
  data: 'none' | 'ready';
  keptBy: string | null;
  createdAt: number;
  /** Last push to its branch. */
  pushedAt: number;
  /** Why it ends. */
  reason: string | null;
}

const columns = 'project, name, base, branch, state, data, kept_by AS keptBy, created_at AS createdAt, pushed_at AS pushedAt, reason';

/** Previews of a project, or of all, the one pushed to last first. */
export function listPreviews(store: Store, project?: string): StoredPreview[] {
  return store.sql(`SELECT ${columns} FROM previews WHERE ?1 IS NULL OR project = ?1 ORDER BY pushed_at DESC, name`).all(project ?? null) as unknown as StoredPreview[];
}

export function getPreview(store: Store, project: string, name: string): StoredPreview | undefined {
  return store.sql(`SELECT ${columns} FROM previews WHERE project = ? AND name = ?`).get(project, name) as unknown as StoredPreview | undefined;
}

/** Adds one, or notes a new push to its branch. */
export function touchPreview(store: Store, preview: PreviewPlace & { project: string; at: number }): void {
  store
    .sql(`INSERT INTO previews (project, name, base, branch, state, data, created_at, pushed_at) VALUES (?1, ?2, ?3, ?4, 'open', 'none', ?5, ?5)
      ON CONFLICT (project, name) DO UPDATE SET pushed_at = ?5`)
    .run(preview.project, preview.name, preview.base, preview.branch, preview.at);
}

/** False when it was ending already. */
export function beginPreviewEnd(store: Store, { project, name }: { project: string; name: string }, reason: string): boolean {
  return store.sql(`UPDATE previews SET state = 'ending', reason = ? WHERE project = ? AND name = ? AND state = 'open'`).run(reason, project, name).changes === 1;
}

export function setPreviewKept(store: Store, { project, name }: { project: string; name: string }, keptBy: string | null): void {
  store.sql('UPDATE previews SET kept_by = ? WHERE project = ? AND name = ?').run(keptBy, project, name);
}

export function setPreviewFilled(store: Store, { project, name }: { project: string; name: string }): void {
  store.sql(`UPDATE previews SET data = 'ready' WHERE project = ? AND name = ?`).run(project, name);
}

/** Removes every row of an environment that has ended, its own last. Backups keep their lines in the list. */
export function removePreview(store: Store, { project, name }: { project: string; name: string }): void {
  for (const table of ['secrets', 'databases', 'releases', 'pauses', 'maintenance', 'troubles', 'jobs', 'kept_volumes']) {
    store.sql(`DELETE FROM ${table} WHERE project = ? AND environment = ?`).run(project, name);
  }
  for (const table of ['environments', 'previews']) store.sql(`DELETE FROM ${table} WHERE project = ? AND name = ?`).run(project, name);
}

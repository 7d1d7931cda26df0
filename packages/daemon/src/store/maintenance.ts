import type { Store } from './open-store.ts';

type Owner = { project: string; environment: string };

/** Since when, and by whom, visitors get a maintenance page. `at`: ms since 1970 UTC. */
export interface StoredMaintenance {
  at: number;
  by: string;
  /** Null: the page's own words. */
  message: string | null;
  /** Addresses and networks that get the app as ever. */
  letIn: string[];
}

/** Puts an environment into maintenance, or changes how. */
export function setMaintenance(store: Store, { project, environment }: Owner, { at, by, message, letIn }: StoredMaintenance): void {
  store.sql('INSERT OR REPLACE INTO maintenance (project, environment, at, by, message, let_in) VALUES (?, ?, ?, ?, ?, ?)').run(project, environment, at, by, message, JSON.stringify(letIn));
}

/** Answers whether it was in maintenance. */
export function removeMaintenance(store: Store, { project, environment }: Owner): boolean {
  return store.sql('DELETE FROM maintenance WHERE project = ? AND environment = ?').run(project, environment).changes === 1;
}

export function maintenanceOf(store: Store, { project, environment }: Owner): StoredMaintenance | undefined {
  const row = store.sql('SELECT at, by, message, let_in AS letIn FROM maintenance WHERE project = ? AND environment = ?').get(project, environment) as (Omit<StoredMaintenance, 'letIn'> & { letIn: string }) | undefined;
  return row && { at: row.at, by: row.by, message: row.message, letIn: JSON.parse(row.letIn) as string[] };
}

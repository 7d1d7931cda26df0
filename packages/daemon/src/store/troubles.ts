import type { Store } from './open-store.ts';

/** Something that is wrong and was told: it is told once when it begins, and once when it is over. */
export interface Trouble {
  project: string;
  environment: string;
  /** What is wrong with what: `crash-loop/worker`. */
  subject: string;
  since: number;
  /** Number of the release that it began with. */
  release: number;
  /** What it was when it began, as JSON. */
  detail?: string;
}

/** Notes that something is wrong, in the caller's transaction; false when that is known. */
export function beginTrouble(store: Store, trouble: Trouble): boolean {
  const { changes } = store
    .sql('INSERT OR IGNORE INTO troubles (project, environment, subject, since, release, detail) VALUES (?, ?, ?, ?, ?, ?)')
    .run(trouble.project, trouble.environment, trouble.subject, trouble.since, trouble.release, trouble.detail ?? '{}');
  return changes === 1;
}

/** Notes that it is over; false when nothing was wrong. */
export function endTrouble(store: Store, { project, environment, subject }: Pick<Trouble, 'project' | 'environment' | 'subject'>): boolean {
  return store.sql('DELETE FROM troubles WHERE project = ? AND environment = ? AND subject = ?').run(project, environment, subject).changes === 1;
}

export function listTroubles(store: Store, project: string, environment: string): Trouble[] {
  return store.sql('SELECT * FROM troubles WHERE project = ? AND environment = ? ORDER BY since').all(project, environment) as unknown as Trouble[];
}

/** Of all projects, the oldest first. */
export function listAllTroubles(store: Store): Trouble[] {
  return store.sql('SELECT * FROM troubles ORDER BY since, project, environment, subject').all() as unknown as Trouble[];
}

export function hasTrouble(store: Store, { project, environment, subject }: Pick<Trouble, 'project' | 'environment' | 'subject'>): boolean {
  return store.sql('SELECT 1 FROM troubles WHERE project = ? AND environment = ? AND subject = ?').get(project, environment, subject) !== undefined;
}

import type { Store } from './open-store.ts';

export interface JobOwner {
  project: string;
  environment: string;
  name: string;
}

/** When a job of an environment is due next; one row for each that the configuration names. */
export interface StoredJob extends JobOwner {
  cron: string;
  timeZone: string;
  /** Null while it is paused. */
  nextAt: number | null;
  pausedBy: string | null;
  pausedAt: number | null;
  /** Whether its last end was a failure, which was told. */
  failing: boolean;
}

export function listJobs(store: Store, project?: string): StoredJob[] {
  const rows = store.sql('SELECT * FROM jobs WHERE ?1 IS NULL OR project = ?1 ORDER BY project, environment, name').all(project ?? null);
  return (rows as unknown as JobRow[]).map(toJob);
}

/** Jobs that are due at `now`, the longest due first. */
export function listDueJobs(store: Store, now: number): StoredJob[] {
  const rows = store.sql('SELECT * FROM jobs WHERE next_at <= ? ORDER BY next_at, project, environment, name').all(now);
  return (rows as unknown as JobRow[]).map(toJob);
}

/** When the next job is due; undefined when none ever is. */
export function nextJobAt(store: Store): number | undefined {
  return (store.sql('SELECT min(next_at) AS at FROM jobs').get() as { at: number | null }).at ?? undefined;
}

export function getJob(store: Store, { project, environment, name }: JobOwner): StoredJob | undefined {
  const row = store.sql('SELECT * FROM jobs WHERE project = ? AND environment = ? AND name = ?').get(project, environment, name);
  return row && toJob(row as unknown as JobRow);
}

/** Adds a job, or gives one that is there another time; whether it is paused or failing stays. */
export function setJob(store: Store, job: Pick<StoredJob, 'project' | 'environment' | 'name' | 'cron' | 'timeZone' | 'nextAt'>): void {
  store
    .sql(`INSERT INTO jobs (project, environment, name, cron, time_zone, next_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (project, environment, name) DO UPDATE SET cron = excluded.cron, time_zone = excluded.time_zone,
      next_at = CASE WHEN paused_at IS NULL THEN excluded.next_at END`)
    .run(job.project, job.environment, job.name, job.cron, job.timeZone, job.nextAt);
}

export function setJobNext(store: Store, { project, environment, name }: JobOwner, nextAt: number | null): void {
  store.sql('UPDATE jobs SET next_at = ? WHERE project = ? AND environment = ? AND name = ?').run(nextAt, project, environment, name);
}

/** Pauses with who did it and when, or goes on with the next time. */
export function setJobPause(store: Store, { project, environment, name }: JobOwner, pause: { by: string; at: number } | { nextAt: number | null }): void {
  const [by, at, nextAt] = 'by' in pause ? [pause.by, pause.at, null] : [null, null, pause.nextAt];
  store.sql('UPDATE jobs SET paused_by = ?, paused_at = ?, next_at = ? WHERE project = ? AND environment = ? AND name = ?').run(by, at, nextAt, project, environment, name);
}

export function setJobFailing(store: Store, { project, environment, name }: JobOwner, failing: 0 | 1): void {
  store.sql('UPDATE jobs SET failing = ? WHERE project = ? AND environment = ? AND name = ?').run(failing, project, environment, name);
}

export function removeJob(store: Store, { project, environment, name }: JobOwner): void {
  store.sql('DELETE FROM jobs WHERE project = ? AND environment = ? AND name = ?').run(project, environment, name);
}

interface JobRow {
  project: string; environment: string; name: string; cron: string; time_zone: string;
  next_at: number | null; paused_by: string | null; paused_at: number | null; failing: number;
}

function toJob(row: JobRow): StoredJob {
  return {
    project: row.project, environment: row.environment, name: row.name, cron: row.cron, timeZone: row.time_zone,
    nextAt: row.next_at, pausedBy: row.paused_by, pausedAt: row.paused_at, failing: row.failing === 1,
  };
}

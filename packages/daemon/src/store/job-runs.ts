import type { JobRunRecord, JobRunStatus, JobRunTrigger, WireError } from '@redcontrol/contract';
import type { JobOwner } from './jobs.ts';
import type { Store } from './open-store.ts';

/** What a start of a job runs with: kept beside it, so that a change of the configuration does not change what runs. */
export interface JobSpec {
  command: string;
  /** Which of several apps it runs in. */
  app?: string;
  timeoutMs: number;
  overlap: 'skip' | 'replace' | 'allow';
  retries: number;
  memoryBytes: number;
}

/** A start of a job as the store keeps it. */
export interface StoredJobRun extends JobRunRecord {
  spec: JobSpec;
  /** An attempt does not begin before. */
  notBefore: number;
  /** Somebody wants it to end: who, or what. */
  cancelledBy: string | null;
}

export interface NewJobRun extends JobOwner {
  spec: JobSpec;
  trigger: JobRunTrigger;
  startedBy: string;
  dueAt: number;
}

export function addJobRun(store: Store, run: NewJobRun): StoredJobRun {
  const { lastInsertRowid } = store
    .sql(`INSERT INTO job_runs (project, environment, job, status, trigger, started_by, spec, due_at, not_before) VALUES (?, ?, ?, 'due', ?, ?, ?, ?, ?)`)
    .run(run.project, run.environment, run.name, run.trigger, run.startedBy, JSON.stringify(run.spec), run.dueAt, run.dueAt);
  return getJobRun(store, Number(lastInsertRowid))!;
}

/** Notes a time at which nothing was started. */
export function addIdleJobRun(store: Store, run: NewJobRun, end: { status: 'skipped' | 'missed'; missedCount: number; at: number }): StoredJobRun {
  const { id } = addJobRun(store, run);
  store.sql('UPDATE job_runs SET status = ?, missed_count = ?, finished_at = ? WHERE id = ?').run(end.status, end.missedCount, end.at, id);
  return getJobRun(store, id)!;
}

export function getJobRun(store: Store, id: number): StoredJobRun | undefined {
  const row = store.sql('SELECT * FROM job_runs WHERE id = ?').get(id);
  return row && toJobRun(row as unknown as JobRunRow);
}

/** Starts without an end, oldest first; of one job, or of all. */
export function listOpenJobRuns(store: Store, owner?: JobOwner): StoredJobRun[] {
  const rows = store
    .sql(`SELECT * FROM job_runs WHERE status IN ('due', 'running') AND (?1 IS NULL OR (project = ?1 AND environment = ?2 AND job = ?3)) ORDER BY id`)
    .all(owner?.project ?? null, owner?.environment ?? null, owner?.name ?? null);
  return (rows as unknown as JobRunRow[]).map(toJobRun);
}

export function listJobRuns(store: Store, { project, environment, name }: JobOwner, filter: { limit: number; before?: number }): StoredJobRun[] {
  const rows = store
    .sql('SELECT * FROM job_runs WHERE project = ? AND environment = ? AND job = ? AND (?4 IS NULL OR id < ?4) ORDER BY id DESC LIMIT ?5')
    .all(project, environment, name, filter.before ?? null, filter.limit);
  return (rows as unknown as JobRunRow[]).map(toJobRun);
}

export function startJobRun(store: Store, id: number, start: { release: number; at: number }): void {
  store.sql(`UPDATE job_runs SET status = 'running', release = ?, started_at = ? WHERE id = ? AND status = 'due'`).run(start.release, start.at, id);
}

export interface JobRunEnd {
  status: Exclude<JobRunStatus, 'due' | 'running' | 'skipped' | 'missed'>;
  exitCode: number | null;
  error: WireError | null;
  log: { bytes: number; sha256: string | null };
  at: number;
}

/** Gives a start its one end; false when it has one. */
export function endJobRun(store: Store, id: number, end: JobRunEnd): boolean {
  const { changes } = store
    .sql(`UPDATE job_runs SET status = ?, exit_code = ?, error = ?, log_bytes = ?, log_sha256 = ?, finished_at = ? WHERE id = ? AND status IN ('due', 'running')`)
    .run(end.status, end.exitCode, end.error ? JSON.stringify(end.error) : null, end.log.bytes, end.log.sha256, end.at, id);
  return changes === 1;
}

/** Puts a start whose attempt failed back as its next attempt. */
export function retryJobRun(store: Store, id: number, retry: { notBefore: number; exitCode: number | null; logBytes: number }): void {
  store
    .sql(`UPDATE job_runs SET status = 'due', attempt = attempt + 1, not_before = ?, exit_code = ?, log_bytes = ? WHERE id = ? AND status IN ('due', 'running')`)
    .run(retry.notBefore, retry.exitCode, retry.logBytes, id);
}

export function setJobRunCancelled(store: Store, id: number, by: string): void {
  store.sql('UPDATE job_runs SET cancelled_by = coalesce(cancelled_by, ?) WHERE id = ?').run(by, id);
}

/** Removes ends that are too old or too many, and answers their numbers: their logs go with them. */
export function removeOldJobRuns(store: Store, keep: { project: string; count: number; endedBefore: number }): number[] {
  const rows = store
    .sql(`DELETE FROM job_runs WHERE project = ?1 AND status NOT IN ('due', 'running') AND (finished_at < ?2 OR id IN (
      SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY environment, job ORDER BY id DESC) AS place FROM job_runs WHERE project = ?1) WHERE place > ?3
    )) RETURNING id`)
    .all(keep.project, keep.endedBefore, keep.count) as { id: number }[];
  return rows.map((row) => row.id);
}

/** What clients may see of it. */
export function publicJobRun(run: StoredJobRun): JobRunRecord {
  const { spec: _spec, notBefore: _notBefore, cancelledBy: _cancelledBy, ...record } = run;
  return record;
}

interface JobRunRow {
  id: number; project: string; environment: string; job: string; status: JobRunStatus; trigger: JobRunTrigger; started_by: string; spec: string;
  release: number | null; attempt: number; exit_code: number | null; error: string | null; missed_count: number; due_at: number; not_before: number;
  cancelled_by: string | null; started_at: number | null; finished_at: number | null; log_bytes: number; log_sha256: string | null;
}

function toJobRun(row: JobRunRow): StoredJobRun {
  const spec = JSON.parse(row.spec) as JobSpec;
  return {
    id: row.id, project: row.project, environment: row.environment, job: row.job, status: row.status, trigger: row.trigger, startedBy: row.started_by,
    command: spec.command, spec, release: row.release, attempt: row.attempt, exitCode: row.exit_code,
    error: row.error === null ? null : (JSON.parse(row.error) as WireError), missedCount: row.missed_count, dueAt: row.due_at, notBefore: row.not_before,
    cancelledBy: row.cancelled_by, startedAt: row.started_at, finishedAt: row.finished_at, logBytes: row.log_bytes, logSha256: row.log_sha256,
  };
}

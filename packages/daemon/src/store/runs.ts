import type { FailedTest, RunApp, RunRecord, RunStatus, RunTrigger, RunVerdict, WireError } from '@redcontrol/contract';
import type { Store } from './open-store.ts';

export interface NewRun {
  project: string;
  trigger: RunTrigger;
  ref: string;
  refKind: RunRecord['refKind'];
  commit: string;
  message: string;
  author: string;
  authorEmail: string;
  environments: string[];
  revision: number;
  startedBy: string;
  createdAt: number;
  /** Release id that a rollback brings back. */
  rollbackTo?: number;
  /** Backup whose data a rollback brings back with it. */
  rollbackBackup?: number;
}

/** A run as the store keeps it. */
export interface StoredRun extends RunRecord {
  rollbackTo: number | null;
  rollbackBackup: number | null;
}

const openStatuses = `('queued', 'preparing', 'running', 'releasing')`;

/** Adds a queued run and marks what it replaces in the queue (same project, ref and environments) as superseded. */
export function addRun(store: Store, run: NewRun): { run: StoredRun; superseded: number[] } {
  const superseded = run.trigger === 'push' || run.trigger === 'tag' ? supersedeQueued(store, run) : [];
  const { lastInsertRowid } = store
    .sql(`INSERT INTO runs (project, trigger, ref, ref_kind, commit_id, message, author, author_email, status, environments,
      rollback_to, rollback_backup, attempt, revision, started_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, 1, ?, ?, ?)`)
    .run(run.project, run.trigger, run.ref, run.refKind, run.commit, run.message, run.author, run.authorEmail,
      JSON.stringify(run.environments), run.rollbackTo ?? null, run.rollbackBackup ?? null, run.revision, run.startedBy, run.createdAt);
  return { run: getRun(store, Number(lastInsertRowid))!, superseded };
}

export function getRun(store: Store, id: number): StoredRun | undefined {
  const row = store.sql('SELECT * FROM runs WHERE id = ?').get(id);
  return row && toRun(row as unknown as RunRow);
}

export function listRuns(store: Store, filter: { project?: string; limit: number; before?: number }): StoredRun[] {
  const rows = store
    .sql('SELECT * FROM runs WHERE (?1 IS NULL OR project = ?1) AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3')
    .all(filter.project ?? null, filter.before ?? null, filter.limit);
  return (rows as unknown as RunRow[]).map(toRun);
}

/** Runs without a verdict, oldest first. */
export function listOpenRuns(store: Store): StoredRun[] {
  const rows = store.sql(`SELECT * FROM runs WHERE status IN ${openStatuses} ORDER BY id`).all();
  return (rows as unknown as RunRow[]).map(toRun);
}

/** Which of several apps the run concerns, once that is known. */
export function setRunApps(store: Store, id: number, apps: readonly RunApp[]): void {
  store.sql('UPDATE runs SET apps = ? WHERE id = ?').run(JSON.stringify(apps), id);
}

export function countQueued(store: Store, project: string): number {
  return (store.sql(`SELECT count(*) AS n FROM runs WHERE project = ? AND status = 'queued'`).get(project) as { n: number }).n;
}

export function setRunStatus(store: Store, id: number, status: Exclude<RunStatus, RunVerdict>, at: number): void {
  store.sql('UPDATE runs SET status = ?, started_at = coalesce(started_at, ?) WHERE id = ?').run(status, status === 'queued' ? null : at, id);
}

/** Ids of all runs of a project. */
export function runIds(store: Store, project: string): number[] {
  return (store.sql('SELECT id FROM runs WHERE project = ?').all(project) as { id: number }[]).map((row) => row.id);
}

/** Gives the run its one verdict; false when it already has one. */
export function endRun(store: Store, id: number, end: { verdict: RunVerdict; error?: WireError; failedTests?: FailedTest[]; at: number }): boolean {
  const { changes } = store
    .sql(`UPDATE runs SET status = ?, error = ?, failed_tests = ?, finished_at = ? WHERE id = ? AND status IN ${openStatuses}`)
    .run(end.verdict, end.error ? JSON.stringify(end.error) : null, JSON.stringify(end.failedTests ?? []), end.at, id);
  return changes === 1;
}

/** Puts a run that was interrupted back into the queue as its next attempt. */
export function requeueRun(store: Store, id: number): void {
  store.sql(`UPDATE runs SET status = 'queued', attempt = attempt + 1 WHERE id = ?`).run(id);
  store.sql('DELETE FROM steps WHERE run_id = ?').run(id);
}

export function failedTestsOf(store: Store, id: number): FailedTest[] {
  const row = store.sql('SELECT failed_tests FROM runs WHERE id = ?').get(id) as { failed_tests: string } | undefined;
  return row ? (JSON.parse(row.failed_tests) as FailedTest[]) : [];
}

/** The verdict of the last finished run of a ref before `id`: what "recovered" is measured by. */
export function previousVerdict(store: Store, run: StoredRun): RunStatus | undefined {
  const row = store
    .sql(`SELECT status FROM runs WHERE project = ? AND ref = ? AND id < ? AND status IN ('succeeded', 'failed') ORDER BY id DESC LIMIT 1`)
    .get(run.project, run.ref, run.id) as { status: RunStatus } | undefined;
  return row?.status;
}

/** The newest run of a commit, for somebody who waits for its verdict. */
export function findRunOfCommit(store: Store, project: string, commit: string): StoredRun | undefined {
  const row = store.sql('SELECT * FROM runs WHERE project = ? AND commit_id = ? ORDER BY id DESC LIMIT 1').get(project, commit);
  return row && toRun(row as unknown as RunRow);
}

function supersedeQueued(store: Store, run: NewRun): number[] {
  const rows = store
    .sql(`UPDATE runs SET status = 'superseded', finished_at = ? WHERE project = ? AND ref = ? AND ref_kind = ? AND ref_kind = 'branch'
      AND status = 'queued' AND trigger IN ('push', 'first') RETURNING id`)
    .all(run.createdAt, run.project, run.ref, run.refKind) as { id: number }[];
  return rows.map((row) => row.id);
}

interface RunRow {
  id: number; project: string; trigger: RunTrigger; ref: string; ref_kind: RunRecord['refKind']; commit_id: string; message: string;
  author: string; author_email: string; status: RunStatus; error: string | null; environments: string; rollback_to: number | null; rollback_backup: number | null; apps: string | null;
  attempt: number; revision: number; started_by: string; created_at: number; started_at: number | null; finished_at: number | null;
}

function toRun(row: RunRow): StoredRun {
  return {
    id: row.id, project: row.project, trigger: row.trigger, ref: row.ref, refKind: row.ref_kind, commit: row.commit_id,
    message: row.message, author: row.author, authorEmail: row.author_email, status: row.status,
    error: row.error === null ? null : (JSON.parse(row.error) as WireError), environments: JSON.parse(row.environments) as string[],
    apps: row.apps === null ? null : (JSON.parse(row.apps) as RunApp[]),
    rollbackTo: row.rollback_to, rollbackBackup: row.rollback_backup, attempt: row.attempt, revision: row.revision, startedBy: row.started_by,
    createdAt: row.created_at, startedAt: row.started_at, finishedAt: row.finished_at,
  };
}

import type { StepRecord, StepStatus } from '@redcontrol/contract';
import type { Store } from './open-store.ts';

export interface NewStep {
  index: number;
  name: string;
  command: string;
}

export function addSteps(store: Store, runId: number, steps: readonly NewStep[]): void {
  const insert = store.sql(`INSERT INTO steps (run_id, idx, name, command, status) VALUES (?, ?, ?, ?, 'pending')`);
  for (const step of steps) insert.run(runId, step.index, step.name, step.command);
}

export function listSteps(store: Store, runId: number): StepRecord[] {
  const rows = store.sql('SELECT * FROM steps WHERE run_id = ? ORDER BY idx').all(runId) as unknown as StepRow[];
  return rows.map((row) => ({
    index: row.idx, name: row.name, command: row.command, status: row.status, exitCode: row.exit_code,
    startedAt: row.started_at, finishedAt: row.finished_at, logBytes: row.log_bytes, logSha256: row.log_sha256,
  }));
}

export function startStep(store: Store, runId: number, index: number, at: number): void {
  store.sql(`UPDATE steps SET status = 'running', started_at = ? WHERE run_id = ? AND idx = ?`).run(at, runId, index);
}

export interface StepEnd {
  status: Exclude<StepStatus, 'pending' | 'running'>;
  exitCode: number | null;
  logBytes: number;
  logSha256: string | null;
  at: number;
}

export function endStep(store: Store, runId: number, index: number, end: StepEnd): void {
  store
    .sql('UPDATE steps SET status = ?, exit_code = ?, log_bytes = ?, log_sha256 = ?, finished_at = ? WHERE run_id = ? AND idx = ?')
    .run(end.status, end.exitCode, end.logBytes, end.logSha256, end.at, runId, index);
}

/** At the end of a run: steps that never began are skipped, one whose end could not be written is cancelled. */
export function closeSteps(store: Store, runId: number, at: number): void {
  store.sql(`UPDATE steps SET status = 'skipped' WHERE run_id = ? AND status = 'pending'`).run(runId);
  store.sql(`UPDATE steps SET status = 'cancelled', finished_at = ? WHERE run_id = ? AND status = 'running'`).run(at, runId);
}

interface StepRow {
  idx: number; name: string; command: string; status: StepStatus; exit_code: number | null;
  started_at: number | null; finished_at: number | null; log_bytes: number; log_sha256: string | null;
}

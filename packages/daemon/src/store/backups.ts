import type { BackupFile, BackupReason, BackupRecord, WireError } from '@redcontrol/contract';
import type { Store } from './open-store.ts';

/** Where a backup lies: what is needed to find it again when the configuration has changed since. */
export type BackupPlace = { kind: 'local' } | { kind: 's3'; bucket: string; endpoint: string; region: string; keyId: string; secret: string };

export interface StoredBackup extends Omit<BackupRecord, 'place'> {
  place: BackupPlace;
}

export interface NewBackup {
  project: string;
  environment: string;
  reason: BackupReason;
  place: BackupPlace;
  release: number | null;
  startedBy: string;
  createdAt: number;
}

export function addBackup(store: Store, backup: NewBackup): StoredBackup {
  const { lastInsertRowid } = store
    .sql(`INSERT INTO backups (project, environment, reason, state, place, release, started_by, created_at) VALUES (?, ?, ?, 'making', ?, ?, ?, ?)`)
    .run(backup.project, backup.environment, backup.reason, JSON.stringify(backup.place), backup.release, backup.startedBy, backup.createdAt);
  return getBackup(store, Number(lastInsertRowid))!;
}

export function getBackup(store: Store, id: number): StoredBackup | undefined {
  const row = store.sql('SELECT * FROM backups WHERE id = ?').get(id);
  return row && toBackup(row as unknown as BackupRow);
}

/** Newest first; those that were removed are not among them. */
export function listBackups(store: Store, filter: { project: string; environment?: string | undefined; limit: number }): StoredBackup[] {
  const rows = store
    .sql(`SELECT * FROM backups WHERE project = ?1 AND (?2 IS NULL OR environment = ?2) AND state <> 'removed' ORDER BY id DESC LIMIT ?3`)
    .all(filter.project, filter.environment ?? null, filter.limit);
  return (rows as unknown as BackupRow[]).map(toBackup);
}

/** Backups that a killed daemon left in the middle. */
export function listOpenBackups(store: Store): StoredBackup[] {
  return (store.sql(`SELECT * FROM backups WHERE state = 'making' ORDER BY id`).all() as unknown as BackupRow[]).map(toBackup);
}

export function endBackup(store: Store, id: number, end: { files: readonly BackupFile[]; error?: WireError; at: number }): void {
  store
    .sql('UPDATE backups SET state = ?, files = ?, error = ?, finished_at = ? WHERE id = ?')
    .run(end.error ? 'failed' : 'ready', JSON.stringify(end.files), end.error ? JSON.stringify(end.error) : null, end.at, id);
}

export function setProof(store: Store, id: number, proof: { state: 'proven' | 'failed'; error?: string; at: number }): void {
  store.sql('UPDATE backups SET proof = ?, proof_at = ?, proof_error = ? WHERE id = ?').run(proof.state, proof.at, proof.error ?? null, id);
}

export function markBackupRemoved(store: Store, id: number): void {
  store.sql(`UPDATE backups SET state = 'removed' WHERE id = ?`).run(id);
}

/** What clients may see of it. */
export function publicBackup(backup: StoredBackup): BackupRecord {
  const { place } = backup;
  return { ...backup, place: place.kind === 'local' ? 'local' : `s3 ${place.bucket}` };
}

interface BackupRow {
  id: number; project: string; environment: string; reason: BackupReason; state: BackupRecord['state']; place: string; files: string; error: string | null;
  release: number | null; started_by: string; created_at: number; finished_at: number | null; proof: BackupRecord['proof']; proof_at: number | null; proof_error: string | null;
}

function toBackup(row: BackupRow): StoredBackup {
  const files = JSON.parse(row.files) as BackupFile[];
  return {
    id: row.id, project: row.project, environment: row.environment, reason: row.reason, state: row.state, place: JSON.parse(row.place) as BackupPlace, files,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0), error: row.error === null ? null : (JSON.parse(row.error) as WireError), release: row.release,
    startedBy: row.started_by, createdAt: row.created_at, finishedAt: row.finished_at, proof: row.proof, proofAt: row.proof_at, proofError: row.proof_error,
  };
}

import type { WireError } from '@redcontrol/contract';
import type { StoredDatabase } from './environments.ts';
import type { Store } from './open-store.ts';

/**
 * Something long that is done with an environment's data. `working`: all it has made are scratch things that carry its
 * id; `switched`: the environment uses what it made; then `done` or `failed`.
 */
export interface DataOperation {
  id: number;
  kind: 'restore' | 'proof' | 'rehearsal' | 'upgrade' | 'clone' | 'load';
  project: string;
  environment: string;
  state: 'working' | 'switched' | 'done' | 'failed';
}

export function addDataOperation(store: Store, operation: Omit<DataOperation, 'id' | 'state'> & { startedBy: string; at: number }): DataOperation {
  const { lastInsertRowid } = store
    .sql(`INSERT INTO data_operations (kind, project, environment, state, started_by, created_at) VALUES (?, ?, ?, 'working', ?, ?)`)
    .run(operation.kind, operation.project, operation.environment, operation.startedBy, operation.at);
  const { kind, project, environment } = operation;
  return { id: Number(lastInsertRowid), kind, project, environment, state: 'working' };
}

export function listOpenDataOperations(store: Store): DataOperation[] {
  return store.sql(`SELECT id, kind, project, environment, state FROM data_operations WHERE state IN ('working', 'switched') ORDER BY id`).all() as unknown as DataOperation[];
}

export function endDataOperation(store: Store, id: number, end: { at: number; error?: WireError }): void {
  store.sql('UPDATE data_operations SET state = ?, error = ?, ended_at = ? WHERE id = ?').run(end.error ? 'failed' : 'done', end.error ? JSON.stringify(end.error) : null, end.at, id);
}

export interface KeptVolume extends Pick<StoredDatabase, 'volume' | 'project' | 'environment' | 'engine' | 'version'> {
  keptAt: number;
}

/** The environment uses another volume (and version) from here on; the one before is noted as kept. */
export function switchDatabase(store: Store, before: StoredDatabase, after: { volume: string; version: string; operation: number; at: number }): void {
  store
    .sql('UPDATE databases SET volume = ?1, upgraded_from = CASE WHEN version <> ?2 THEN version ELSE upgraded_from END, version = ?2 WHERE project = ?3 AND environment = ?4 AND role = ?5')
    .run(after.volume, after.version, before.project, before.environment, before.role);
  store
    .sql('INSERT INTO kept_volumes (volume, project, environment, engine, version, operation, kept_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(before.volume, before.project, before.environment, before.engine, before.version, after.operation, after.at);
  store.sql(`UPDATE data_operations SET state = 'switched' WHERE id = ?`).run(after.operation);
}

/** Volumes with data that were in use before a restore or an upgrade, oldest first. */
export function listKeptVolumes(store: Store, project: string, environment: string): KeptVolume[] {
  const rows = store.sql('SELECT volume, project, environment, engine, version, kept_at AS keptAt FROM kept_volumes WHERE project = ? AND environment = ? ORDER BY kept_at, volume').all(project, environment);
  return rows as unknown as KeptVolume[];
}

export function forgetKeptVolume(store: Store, volume: string): void {
  store.sql('DELETE FROM kept_volumes WHERE volume = ?').run(volume);
}

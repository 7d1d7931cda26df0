import type { AuditRecord } from '@redcontrol/contract';
import type { Store } from './open-store.ts';

/** Entries that are kept at least: the schema refuses to drop a newer one, or to change any. */
export const keptAuditCount = 200_000;

/** Appends an entry, in the caller's transaction or in one of its own. */
export function addAudit(store: Store, entry: Omit<AuditRecord, 'seq'>): void {
  const { lastInsertRowid } = store
    .sql('INSERT INTO audit (at, name, role, key, origin, method, project, environment, detail, outcome, error_code) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run(entry.at, entry.name, entry.role, entry.key, entry.from, entry.method, entry.project, entry.environment, entry.detail, entry.outcome, entry.errorCode);
  const seq = Number(lastInsertRowid);
  if (seq % 1000 === 0) store.sql('DELETE FROM audit WHERE seq <= ?').run(seq - keptAuditCount);
}

/** The newest first. */
export function listAudit(store: Store, filter: { limit: number; before?: number }): AuditRecord[] {
  const rows = store.sql('SELECT * FROM audit WHERE ?1 IS NULL OR seq < ?1 ORDER BY seq DESC LIMIT ?2').all(filter.before ?? null, filter.limit);
  return (rows as unknown as AuditRow[]).map(({ origin, error_code, ...row }) => ({ ...row, from: origin, errorCode: error_code }));
}

type AuditRow = Omit<AuditRecord, 'from' | 'errorCode'> & { origin: string | null; error_code: string | null };

import type { EventKind, RedControlEvent } from '@redcontrol/contract';
import type { Store } from './open-store.ts';

/** How many events are kept: older ones are dropped. */
export const keptEventCount = 20_000;

export type NewEvent = Omit<RedControlEvent, 'seq'>;

/** Appends an event in the caller's transaction, so that it is told exactly when its cause is stored. */
export function addEvent(store: Store, event: NewEvent): RedControlEvent {
  const { lastInsertRowid } = store
    .sql('INSERT INTO events (at, kind, project, environment, run_id, text, data) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(event.at, event.kind, event.project, event.environment, event.runId, event.text, JSON.stringify(event.data));
  const seq = Number(lastInsertRowid);
  if (seq % 500 === 0) store.sql('DELETE FROM events WHERE seq <= ?').run(seq - keptEventCount);
  return { seq, ...event };
}

export function listEvents(store: Store, after: number, limit: number): RedControlEvent[] {
  const rows = store.sql('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?').all(after, limit) as unknown as EventRow[];
  return rows.map((row) => ({
    seq: row.seq, at: row.at, kind: row.kind, project: row.project, environment: row.environment, runId: row.run_id,
    text: row.text, data: JSON.parse(row.data) as Record<string, unknown>,
  }));
}

/** Whether a run has an event of this kind among those that are kept. */
export function hasRunEvent(store: Store, runId: number, kind: EventKind): boolean {
  return store.sql('SELECT 1 FROM events WHERE run_id = ? AND kind = ? LIMIT 1').get(runId, kind) !== undefined;
}

export function lastEventSeq(store: Store): number {
  return (store.sql('SELECT coalesce(max(seq), 0) AS seq FROM events').get() as { seq: number }).seq;
}

interface EventRow {
  seq: number; at: number; kind: EventKind; project: string; environment: string | null; run_id: number | null; text: string; data: string;
}

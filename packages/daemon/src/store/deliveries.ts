import type { RedControlEvent } from '@redcontrol/contract';
import type { Store } from './open-store.ts';

/** How many messages of one channel may wait; the oldest beyond it are given up. */
export const maxWaitingDeliveries = 500;

export interface NewDelivery {
  project: string;
  channel: string;
  /** The same at every try, so that a receiver that keeps it takes a message once. */
  key: string;
  event: RedControlEvent;
  /** A newer message of the same subject replaces one that still waits; null for messages that all count. */
  subject: string | null;
  createdAt: number;
}

export interface Delivery extends NewDelivery {
  id: number;
  attempts: number;
}

/** Adds a message in the caller's transaction; answers how many older ones had to be given up for it. */
export function addDelivery(store: Store, delivery: NewDelivery): number {
  const { project, channel, key, event, subject, createdAt } = delivery;
  if (subject !== null) store.sql('DELETE FROM deliveries WHERE project = ? AND channel = ? AND subject = ?').run(project, channel, subject);
  store
    .sql('INSERT INTO deliveries (project, channel, key, event, subject, created_at) VALUES (?, ?, ?, ?, ?, ?)')
    .run(project, channel, key, JSON.stringify(event), subject, createdAt);
  const surplus = countDeliveries(store, project, channel) - maxWaitingDeliveries;
  if (surplus <= 0) return 0;
  store
    .sql('DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE project = ? AND channel = ? ORDER BY id LIMIT ?)')
    .run(project, channel, surplus);
  return surplus;
}

export function countDeliveries(store: Store, project: string, channel: string): number {
  return (store.sql('SELECT count(*) AS n FROM deliveries WHERE project = ? AND channel = ?').get(project, channel) as { n: number }).n;
}

export function oldestDelivery(store: Store, project: string, channel: string): Delivery | undefined {
  const row = store.sql('SELECT * FROM deliveries WHERE project = ? AND channel = ? ORDER BY id LIMIT 1').get(project, channel) as DeliveryRow | undefined;
  return row && {
    id: row.id, project, channel, key: row.key, event: JSON.parse(row.event) as RedControlEvent, subject: row.subject,
    createdAt: row.created_at, attempts: row.attempts,
  };
}

export function countAttempt(store: Store, id: number): void {
  store.sql('UPDATE deliveries SET attempts = attempts + 1 WHERE id = ?').run(id);
}

export function removeDelivery(store: Store, id: number): void {
  store.sql('DELETE FROM deliveries WHERE id = ?').run(id);
}

/** The project has no such channel any more. */
export function removeChannel(store: Store, project: string, channel: string): void {
  store.sql('DELETE FROM deliveries WHERE project = ? AND channel = ?').run(project, channel);
  store.sql('DELETE FROM channels WHERE project = ? AND channel = ?').run(project, channel);
}

/** Channels with something to send, the longest waiting first; `nextAt` is null where they may be tried at once. */
export function listChannelsWithDeliveries(store: Store): { project: string; channel: string; nextAt: number | null }[] {
  return store
    .sql(`SELECT d.project AS project, d.channel AS channel, c.next_at AS nextAt FROM deliveries d
      LEFT JOIN channels c ON c.project = d.project AND c.channel = d.channel GROUP BY d.project, d.channel ORDER BY min(d.id)`)
    .all() as { project: string; channel: string; nextAt: number | null }[];
}

interface DeliveryRow {
  id: number; key: string; event: string; subject: string | null; created_at: number; attempts: number;
}

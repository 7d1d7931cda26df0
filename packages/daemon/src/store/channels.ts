import type { Store } from './open-store.ts';

/** How a channel does; a row is made with the first thing to tell of it. */
export interface StoredChannel {
  /** Tries in a row that the other side did not take. */
  failures: number;
  nextAt: number | null;
  error: string | null;
  sentAt: number | null;
  /** Messages given up since the last that arrived. */
  lost: number;
}

const untried: StoredChannel = { failures: 0, nextAt: null, error: null, sentAt: null, lost: 0 };

export function getChannel(store: Store, project: string, channel: string): StoredChannel {
  const row = store
    .sql('SELECT failures, next_at AS nextAt, error, sent_at AS sentAt, lost FROM channels WHERE project = ? AND channel = ?')
    .get(project, channel) as unknown as StoredChannel | undefined;
  return row ?? untried;
}

export function setChannel(store: Store, project: string, channel: string, state: StoredChannel): void {
  store
    .sql('INSERT OR REPLACE INTO channels (project, channel, failures, next_at, error, sent_at, lost) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(project, channel, state.failures, state.nextAt, state.error, state.sentAt, state.lost);
}

/** Something about the project's channels was changed: all may be tried at once. */
export function clearChannelWaits(store: Store, project: string): void {
  store.sql('UPDATE channels SET failures = 0, next_at = NULL WHERE project = ?').run(project);
}

import { asRedControlError, RedControlError, type RedControlEvent } from '@redcontrol/contract';
import { createBell } from '@redcontrol/client/runs/bell';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import type { Clock } from '@redcontrol/system';
import type { Cursor, CursorStore } from './cursor-store.ts';
import { pauseBefore } from './pause-before.ts';

/** More than the daemon keeps. A reader that is further behind begins again from what is on disk. */
const maxWaitingEvents = 25_000;
const idleLookMs = 60_000;

export interface FollowOptions {
  /** Key of the server's cursor. */
  server: string;
  cursors: CursorStore;
  clock: Clock;
  signal: AbortSignal;
  open(signal: AbortSignal): Promise<DaemonClient>;
  /** Tells events, in order; the next come only after it resolves. When it throws, the same are given again. */
  tell(events: readonly RedControlEvent[], client: DaemonClient): Promise<void>;
  onState(state: { connected: true } | { connected: false; reason: RedControlError }): void;
}

/**
 * Follows a server's events through cuts, sleep and restarts until the signal fires: each event is told, and none twice.
 * How far it came is on disk after each telling; only a kill between telling and writing tells that batch again.
 */
export async function followServer(options: FollowOptions): Promise<void> {
  const { signal, clock } = options;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    let reason: RedControlError;
    try {
      const client = await options.open(signal);
      try {
        reason = await followConnection(client, options, () => (attempt = 0));
      } finally {
        await client.close();
      }
    } catch (thrown) {
      reason = asRedControlError(thrown);
    }
    if (signal.aborted) return;
    options.onState({ connected: false, reason });
    await clock.sleep(pauseBefore({ attempt, code: reason.code }), signal).catch(() => {});
  }
}

/** Until the connection ends: says why. */
async function followConnection(client: DaemonClient, options: FollowOptions, onConnected: () => void): Promise<RedControlError> {
  const { server, cursors, signal } = options;
  const known = cursors.get(server);
  const bell = createBell();
  let waiting: RedControlEvent[] = [];
  let received = known?.seq ?? 0;
  let toldUntil = -Infinity;
  let end: RedControlError | undefined;
  client.on('event', (event) => {
    if (event.seq <= received || event.at <= toldUntil) return;
    received = event.seq;
    waiting.push(event);
    if (waiting.length > maxWaitingEvents) end = new RedControlError('LIMIT_REACHED', `Expected at most ${maxWaitingEvents} waiting events`);
    bell.ring();
  });
  void client.closed.then((reason) => {
    end ??= reason ?? new RedControlError('DAEMON_UNREACHABLE', 'The connection was closed');
    bell.ring();
  });

  let { last } = await client.call('events.follow', known ? { after: known.seq } : {}, { signal });
  if (known && last < known.seq) {
    // The server was set up anew and counts from one again: what it did since the last event that was told is still told.
    received = 0;
    toldUntil = known.at;
    ({ last } = await client.call('events.follow', { after: 0 }, { signal }));
    toldUntil = -Infinity;
  }
  received = Math.max(received, last);
  onConnected();
  options.onState({ connected: true });
  let cursor: Cursor = { seq: last, at: waiting.at(-1)?.at ?? known?.at ?? 0 };
  if (waiting.length === 0) await cursors.set(server, cursor);
  for (;;) {
    const events = waiting;
    waiting = [];
    if (events.length > 0) {
      await options.tell(events, client);
      const newest = events.at(-1);
      if (newest) cursor = { seq: Math.max(cursor.seq, newest.seq), at: newest.at };
      await cursors.set(server, cursor);
      continue;
    }
    if (end) return end;
    await bell.next(signal, idleLookMs);
  }
}

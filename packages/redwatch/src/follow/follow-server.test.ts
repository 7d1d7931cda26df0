import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { contractVersion, type RedControlError, type RedControlEvent } from '@redcontrol/contract';
import { connectSocket } from '@redcontrol/client/connect-socket';
import { startTestDaemon, type TestCall } from '@redcontrol/client/test-daemon';
import type { Clock } from '@redcontrol/system';
import { openCursorStore } from './cursor-store.ts';
import { followServer } from './follow-server.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redwatch-follow-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const noPauses: Clock = { now: Date.now, sleep: () => new Promise((resolve) => setImmediate(resolve)) };

function eventOf(seq: number, at = seq): RedControlEvent {
  return { seq, at, kind: 'run.succeeded', project: 'shop', environment: null, runId: seq, text: '', data: {} };
}

/** A daemon that tells its events and cuts each connection after so many of them. */
function cutting(events: RedControlEvent[], everyCount: () => number) {
  return {
    'events.follow': ({ after: asked }: { after?: number | undefined }, { notify, socket }: TestCall) => {
      const newest = events.at(-1)?.seq ?? 0;
      const from = Math.min(asked ?? newest, newest);
      const missed = events.filter(({ seq }) => seq > from);
      const count = everyCount();
      for (const event of missed.slice(0, count)) notify('event', event);
      if (missed.length > count) setTimeout(() => socket.destroy(), 2);
      return missed.length > count ? new Promise(() => {}) : { last: newest };
    },
  };
}

async function toldOf(options: { path: string; cursors: string; until: (told: number[]) => boolean; startAt?: { seq: number; at: number }; onTell?: () => void; onReason?: (reason: RedControlError) => void }): Promise<number[]> {
  const told: number[] = [];
  const stop = new AbortController();
  const cursors = await openCursorStore(options.cursors);
  if (options.startAt) await cursors.set('main', options.startAt);
  await followServer({
    server: 'main', cursors, clock: noPauses, signal: stop.signal,
    open: (signal) => connectSocket(options.path, { clientName: 'test', signal }),
    async tell(events) {
      options.onTell?.();
      told.push(...events.map(({ seq }) => seq));
      if (options.until(told)) stop.abort();
    },
    onState: (state) => state.connected || options.onReason?.(state.reason),
  });
  return told;
}

test('10,000 events come once each and in order over a connection that is cut again and again', async () => {
  const events = Array.from({ length: 10_000 }, (_, index) => eventOf(index + 1));
  let connections = 0;
  const daemon = await startTestDaemon(join(folder, 'cut.sock'), cutting(events, () => ((connections += 1) < 10 ? 997 * connections : Infinity)));
  const told = await toldOf({ path: join(folder, 'cut.sock'), cursors: join(folder, 'cut.json'), startAt: { seq: 0, at: 0 }, until: ({ length }) => length >= events.length });
  await daemon.close();
  assert.deepEqual(told, events.map(({ seq }) => seq));
  assert.ok(connections > 1, `${connections} connections`);
});

test('a new process goes on where the one before stopped', async () => {
  const events = [1, 2, 3].map((seq) => eventOf(seq));
  const daemon = await startTestDaemon(join(folder, 'again.sock'), cutting(events, () => Infinity));
  const options = { path: join(folder, 'again.sock'), cursors: join(folder, 'again.json') };
  assert.deepEqual(await toldOf({ ...options, startAt: { seq: 1, at: 1 }, until: ({ length }) => length >= 2 }), [2, 3]);
  events.push(eventOf(4));
  assert.deepEqual(await toldOf({ ...options, until: ({ length }) => length >= 1 }), [4]);
  await daemon.close();
});

test('a server that was set up anew and counts from one again is told from its beginning', async () => {
  const events = [eventOf(1, 500), eventOf(2, 2_000), eventOf(3, 2_001)];
  const daemon = await startTestDaemon(join(folder, 'anew.sock'), cutting(events, () => Infinity));
  // Its first event is older than the last one told: a restored copy of what is known already.
  const told = await toldOf({ path: join(folder, 'anew.sock'), cursors: join(folder, 'anew.json'), startAt: { seq: 70, at: 1_000 }, until: ({ length }) => length >= 2 });
  assert.deepEqual(told, [2, 3]);
  await daemon.close();
});

test('a server whose clock is set back or forward is told in the order of its numbers, each once', async () => {
  const day = 86_400_000;
  const events = [eventOf(1, 10 * day), eventOf(2, 3 * day), eventOf(3, 3 * day + 1), eventOf(4, 40 * day), eventOf(5, 4 * day)];
  let connections = 0;
  const daemon = await startTestDaemon(join(folder, 'clock.sock'), cutting(events, () => ((connections += 1) < 4 ? 1 : Infinity)));
  const told = await toldOf({ path: join(folder, 'clock.sock'), cursors: join(folder, 'clock.json'), startAt: { seq: 0, at: 20 * day }, until: ({ length }) => length >= events.length });
  await daemon.close();
  assert.deepEqual(told, [1, 2, 3, 4, 5]);
});

for (const [name, theirs] of [['older', contractVersion - 1], ['newer', contractVersion + 1]] as const) {
  test(`a daemon one contract version ${name} is waited for with its remedy, and told from where it was when both fit`, async () => {
    const reasons: string[] = [];
    let version = theirs;
    const path = join(folder, `${name}.sock`);
    const daemon = await startTestDaemon(path, {
      hello: () => ({ contractVersion: version, daemonVersion: '0.0.9', name: 'Anna', role: 'developer', projects: [] }),
      ...cutting([eventOf(1), eventOf(2)], () => Infinity),
    });
    const told = await toldOf({
      path, cursors: join(folder, `${name}.json`), startAt: { seq: 1, at: 1 }, until: ({ length }) => length >= 1,
      onReason: ({ code, hint }) => {
        reasons.push(`${code}: ${hint}`);
        if (reasons.length === 3) version = contractVersion;
      },
    });
    await daemon.close();
    assert.deepEqual([told, reasons.length], [[2], 3]);
    assert.match(reasons[0] ?? '', name === 'older' ? /^CONTRACT_MISMATCH: Run `redcontrol server upgrade`/ : /^CONTRACT_MISMATCH: Install the newest version/);
  });
}

test('what could not be told is told again', async () => {
  const daemon = await startTestDaemon(join(folder, 'retell.sock'), cutting([eventOf(1)], () => Infinity));
  let failures = 0;
  const told = await toldOf({
    path: join(folder, 'retell.sock'), cursors: join(folder, 'retell.json'), startAt: { seq: 0, at: 0 }, until: ({ length }) => length >= 1,
    onTell: () => {
      if ((failures += 1) < 3) throw new Error('The desktop does not answer');
    },
  });
  assert.deepEqual([told, failures], [[1], 3]);
  await daemon.close();
});

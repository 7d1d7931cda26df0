import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { RedControlEvent, ServerLink } from '@redcontrol/contract';
import { systemClock } from '@redcontrol/system';
import { connectSocket } from '@redcontrol/client/connect-socket';
import { startTestDaemon, type TestMethods } from '@redcontrol/client/test-daemon';
import { followServer, type FollowedServer } from './follow-server.ts';
import { waitBeforeMs } from './wait-before.ts';

let folder = '';
let socket = '';
let followed: FollowedServer | undefined;
let states: ServerLink[] = [];
let events: RedControlEvent[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-follow-'));
  socket = join(folder, 'daemon.sock');
  states = [];
  events = [];
});
afterEach(async () => {
  await followed?.close();
  followed = undefined;
  await rm(folder, { recursive: true });
});

test('a server that goes is told, its last answers stay as old ones, and it comes back by itself', { timeout: 20_000 }, async () => {
  const daemon = await startTestDaemon(socket, answers());
  const server = follow();
  await until(() => server.link.state === 'reachable');
  assert.equal(server.link.person, 'Anna');
  assert.equal((await server.call('run.list', { limit: 5 })).old, false);
  await daemon.close();
  await until(() => server.link.state === 'unreachable');
  assert.equal(server.link.error?.code, 'DAEMON_UNREACHABLE');
  const old = await server.call('run.list', { limit: 5 });
  assert.deepEqual([old.old, old.result], [true, []]);
  await assert.rejects(server.call('run.list', { limit: 6 }), { code: 'DAEMON_UNREACHABLE' }, 'never asked before');
  const again = await startTestDaemon(socket, answers());
  await until(() => server.link.state === 'reachable');
  assert.equal((await server.call('run.list', { limit: 5 })).old, false);
  await followed?.close();
  followed = undefined;
  await again.close();
});

test('after a cut it asks for the events since the last one', { timeout: 20_000 }, async () => {
  const asked: (number | undefined)[] = [];
  const event: RedControlEvent = { seq: 42, at: 1, kind: 'run.queued', project: 'shop', environment: null, runId: 1, text: 'queued', data: {} };
  const daemon = await startTestDaemon(socket, answers({
    'events.follow': ({ after }, call) => {
      asked.push(after);
      setTimeout(() => call.notify('event', event), 20);
      setTimeout(() => asked.length === 1 && call.socket.destroy(), 60);
      return { last: 41 };
    },
  }));
  follow();
  await until(() => asked.length === 2);
  assert.deepEqual(asked, [undefined, 42]);
  assert.equal(events[0]?.seq, 42);
  await followed?.close();
  followed = undefined;
  await daemon.close();
});

test('a server that is connected and says nothing any more is told', { timeout: 30_000 }, async () => {
  let silent = false;
  const daemon = await startTestDaemon(socket, answers({ 'server.state': (params, call) => (silent ? new Promise(() => {}) : (answers()['server.state'] as (...given: unknown[]) => never)(params, call)) }));
  const server = follow();
  await until(() => server.link.state === 'reachable');
  silent = true;
  await until(() => server.link.state === 'unreachable');
  assert.match(server.link.error?.message ?? '', /within 4 s/);
  await followed?.close();
  followed = undefined;
  await daemon.close();
});

test('waits grow, are bounded and scattered', () => {
  assert.ok(waitBeforeMs(1, 0.99) < 600);
  assert.ok(waitBeforeMs(50, 0.99) <= 15_000 && waitBeforeMs(50, 0) >= 7_000);
  assert.notEqual(waitBeforeMs(4, 0), waitBeforeMs(4, 0.9));
});

function follow(): FollowedServer {
  return (followed = followServer({
    id: 'a:22', address: { host: 'a', user: 'root', port: 22 }, names: [], clock: systemClock, connect: () => connectSocket(socket, { clientName: 'test' }),
    onState: (link) => states.push(link), onEvent: (event) => events.push(event), onLog: () => {},
  }));
}

function answers(more: TestMethods = {}): TestMethods {
  return {
    'events.follow': () => ({ last: 1 }),
    'run.list': () => [],
    'server.state': () => ({ hostname: 'a', os: 'Debian', daemonVersion: '1', contractVersion: 1, engineVersion: null, cpus: 1, loadAverage: 0, memoryTotalBytes: 1, memoryFreeBytes: 1, diskTotalBytes: 1, diskFreeBytes: 1, daemonResidentBytes: 1, startedAt: 1, imageSource: 'hub' }),
    ...more,
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelState } from '@redcontrol/contract';
import { systemClock } from '@redcontrol/system';
import { countDeliveries, getProject, maxWaitingDeliveries } from '../../store/index.ts';
import { channelStates } from '../channel-states.ts';
import { createChannelWorld } from '../test-bed/channel-world.ts';
import { startRecordingHost, type RecordingHost } from '../test-bed/recording-host.ts';

async function hosted(t: TestContext, names = ['team']) {
  const host = await startRecordingHost();
  t.after(() => host.close());
  const channels = Object.fromEntries(names.map((name) => [name, { kind: 'webhook', url: `${host.url}/${name}`, secret: 'KEY', events: ['failed', 'passed', 'waiting', 'deployed', 'down'] }]));
  const world = createChannelWorld(channels);
  t.after(() => world.close());
  world.apply();
  world.secret('KEY', 'the signing key');
  return { host, world };
}

type World = ReturnType<typeof createChannelWorld>;
const stateOf = (world: World, name = 'team'): ChannelState => channelStates(world.store, getProject(world.store, 'shop')!).find((one) => one.name === name)!;
const told = (host: RecordingHost) => host.received.map(({ json }) => `${String(json.type)} ${String((json.data as { runId?: number }).runId)}`);

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (condition()) return;
    await sleep(20);
  }
  assert.fail('what was waited for did not come');
}

test('what happens is told once, in order, and what happened before the first start is not', async (t) => {
  const { host, world } = await hosted(t);
  world.failed();
  world.start();
  const [second, third] = [world.failed(), world.failed()];
  await host.gets(2);
  await until(() => stateOf(world).waiting === 0);
  assert.deepEqual(told(host), [`run.failed ${second.id}`, `run.failed ${third.id}`]);
  assert.deepEqual([stateOf(world).state, stateOf(world).error], ['ok', null]);
  assert.deepEqual(world.errors, []);
});

test('a daemon that stops and starts again tells what it had not, and nothing twice', async (t) => {
  const { host, world } = await hosted(t);
  const outbox = world.start();
  const first = world.failed();
  await host.gets(1);
  await until(() => stateOf(world).waiting === 0);
  await outbox.close();
  const meanwhile = world.failed();
  world.start();
  await host.gets(2);
  const last = world.failed();
  await host.gets(3);
  assert.deepEqual(told(host), [first, meanwhile, last].map(({ id }) => `run.failed ${id}`));
});

for (const [name, replies] of Object.entries({
  'is busy (429 with Retry-After)': [{ status: 429, headers: { 'retry-after': '0' } }], 'is broken (500)': [{ status: 500, body: 'oops' }], 'cuts the connection': ['cut' as const],
  'does not answer in time': ['never' as const], 'knows no such key yet (401)': [{ status: 401 }], 'sends elsewhere (302)': [{ status: 302, headers: { location: '/other' } }],
})) {
  test(`a message is sent again, with its id, to a side that ${name}; the next comes after it`, async (t) => {
    const { host, world } = await hosted(t);
    host.replyNext(...replies, ...replies);
    world.start({ timeoutMs: 150 });
    const first = world.failed();
    const second = world.failed();
    await host.gets(4);
    await until(() => stateOf(world).waiting === 0);
    assert.deepEqual(told(host), [first, first, first, second].map(({ id }) => `run.failed ${id}`));
    assert.equal(new Set(host.received.slice(0, 3).map(({ headers }) => headers['webhook-id'])).size, 1);
    assert.deepEqual(host.received.map(({ path }) => path), ['/team', '/team', '/team', '/team'], 'no redirect is followed');
    assert.deepEqual([stateOf(world).state, stateOf(world).error], ['ok', null]);
  });
}

test('the wait that the other side asks for is kept', async (t) => {
  const { host, world } = await hosted(t);
  host.replyNext({ status: 429, headers: { 'retry-after': '600' } });
  world.start();
  world.failed();
  await host.gets(1);
  await until(() => stateOf(world).state === 'failing');
  const { nextTryAt, error, waiting } = stateOf(world);
  assert.ok(nextTryAt! - Date.now() > 590_000, `${nextTryAt! - Date.now()} ms`);
  assert.deepEqual([error, waiting], ['429', 1]);
});

test('a message that is refused for good is given up, told in the state, and holds up nothing', async (t) => {
  const { host, world } = await hosted(t);
  host.replyNext({ status: 400, body: 'no such thing' });
  world.start();
  world.failed();
  await until(() => stateOf(world).lost === 1);
  assert.deepEqual([stateOf(world).state, stateOf(world).error, stateOf(world).waiting], ['failing', '400 no such thing', 0]);
  const second = world.failed();
  await host.gets(2);
  assert.equal(told(host)[1], `run.failed ${second.id}`);
  await until(() => stateOf(world).state === 'ok');
});

test('a dead channel holds up no other', async (t) => {
  const { host, world } = await hosted(t, ['live']);
  world.apply({ dead: { kind: 'webhook', url: 'http://127.0.0.1:9/', secret: 'KEY' }, live: { kind: 'webhook', url: `${host.url}/live`, secret: 'KEY' } });
  world.start();
  for (let count = 0; count < 3; count += 1) world.failed();
  await host.gets(3);
  await until(() => stateOf(world, 'live').waiting === 0 && stateOf(world, 'dead').error !== null);
  assert.match(stateOf(world, 'dead').error!, /ECONNREFUSED/);
  assert.deepEqual([stateOf(world, 'dead').state, stateOf(world, 'dead').waiting, stateOf(world, 'live').state], ['failing', 3, 'ok']);
});

test('no more than a bounded number waits; the oldest are given up and counted', async (t) => {
  const { host, world } = await hosted(t);
  host.replyNext({ status: 429, headers: { 'retry-after': '600' } });
  world.start();
  for (let count = 0; count < maxWaitingDeliveries + 7; count += 1) world.tell('environment.down', undefined, { environment: 'production' });
  await until(() => stateOf(world).lost === 7);
  assert.equal(countDeliveries(world.store, 'shop', 'team'), maxWaitingDeliveries);
});

test('a message that could not be sent for a day is given up; one told late says when it happened', async (t) => {
  const host = await startRecordingHost({ status: 503 });
  t.after(() => host.close());
  let aheadMs = 0;
  const world = createChannelWorld({ team: { kind: 'webhook', url: host.url, secret: 'KEY' } }, { clock: { ...systemClock, now: () => Date.now() + aheadMs } });
  t.after(() => world.close());
  world.apply();
  world.secret('KEY', 'the signing key');
  const outbox = world.start();
  const happened = world.failed();
  await host.gets(1);
  await until(() => stateOf(world).state === 'failing');
  aheadMs = 2 * 3_600_000;
  outbox.wake();
  const late = new RegExp(`Happened at ${new Date(happened.createdAt).toISOString().slice(0, 10)} \\d\\d:\\d\\d UTC`);
  await until(() => host.received.some(({ text }) => late.test(text)));
  aheadMs = 25 * 3_600_000;
  outbox.wake();
  await until(() => stateOf(world).lost === 1);
  assert.equal(stateOf(world).waiting, 0);
});

test('without its secret a channel waits and says so; when it is set what waits is sent', async (t) => {
  const host = await startRecordingHost();
  t.after(() => host.close());
  const world = createChannelWorld({ team: { kind: 'webhook', url: host.url, secret: 'OTHER' } });
  t.after(() => world.close());
  world.apply();
  world.start();
  const run = world.failed();
  await until(() => stateOf(world).error !== null);
  assert.deepEqual([stateOf(world).state, stateOf(world).error, host.received.length], ['no-secret', 'the secret OTHER has no value', 0]);
  world.secret('OTHER', 'key');
  await host.gets(1);
  assert.deepEqual(told(host), [`run.failed ${run.id}`]);
});

test('a secret that cannot be read is told as what is wrong, and tried with growing waits', async (t) => {
  const { host, world } = await hosted(t);
  world.store.sql(`UPDATE secrets SET value = x'00'`).run();
  world.start({ firstWaitMs: 60_000 });
  world.failed();
  await until(() => stateOf(world).state === 'failing');
  assert.match(stateOf(world).error!, /Expected a sealed value, got other bytes/);
  assert.ok(stateOf(world).nextTryAt! > Date.now() + 25_000);
  assert.deepEqual([host.received.length, world.errors], [0, []]);
});

test('a channel that the configuration no longer names sends nothing that waited', async (t) => {
  const { host, world } = await hosted(t);
  host.replyNext({ status: 500 });
  const outbox = world.start();
  world.failed();
  await host.gets(1);
  world.apply({});
  outbox.wake();
  await until(() => countDeliveries(world.store, 'shop', 'team') === 0);
  assert.equal(host.received.length, 1);
});

test('events, environments and branches choose what a channel is told', async (t) => {
  const { host, world } = await hosted(t);
  const to = (name: string, choice: object) => ({ [name]: { kind: 'webhook', url: `${host.url}/${name}`, secret: 'KEY', ...choice } });
  world.apply({
    ...to('production', { environments: ['production'] }), ...to('release', { branches: ['release/*'] }), ...to('passed', { events: ['passed'] }), ...to('all', {}),
  });
  world.start();
  const nowhere = world.run({ ref: 'release/1', environments: [] });
  world.tell('run.failed', nowhere);
  world.tell('run.recovered', world.run());
  world.tell('run.succeeded', world.run());
  world.tell('environment.down', undefined, { environment: 'test' });
  world.tell('step.finished', world.run());
  await host.gets(7);
  await until(() => ['production', 'release', 'passed', 'all'].every((name) => stateOf(world, name).waiting === 0));
  const seen = host.received.map(({ path, json }) => `${path} ${String(json.type)} ${String((json.data as { kind: string }).kind)}`).toSorted();
  assert.deepEqual(seen, [
    '/all environment.down down', '/all run.failed failed', '/all run.recovered recovered', '/passed run.recovered passed', '/passed run.succeeded passed',
    '/production run.recovered recovered', '/release environment.down down', '/release run.failed failed',
  ].toSorted());
});

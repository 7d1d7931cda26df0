import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { endRun, getRun, setRunStatus, type StoredRun } from '../../store/index.ts';
import { commit, createChannelWorld } from '../test-bed/channel-world.ts';
import { startRecordingHost, type Reply } from '../test-bed/recording-host.ts';

async function statused(t: TestContext, kind: string, options: { repository?: string; reply?: Reply; channel?: object } = {}) {
  const host = await startRecordingHost(options.reply ?? { status: 201, body: '{"state":"success"}' });
  t.after(() => host.close());
  const world = createChannelWorld({ status: { kind, secret: 'TOKEN', ...options.channel } }, { repository: options.repository ?? `${host.url}/acme/shop.git` });
  t.after(() => world.close());
  world.apply();
  world.secret('TOKEN', 'the-token');
  return { host, world, outbox: world.start() };
}

type World = ReturnType<typeof createChannelWorld>;

/** Each step waits for its status: of what waits only the newest is sent. */
async function live(t: TestContext, kind: string, end: 'succeeded' | 'failed' | 'cancelled') {
  const { host, world } = await statused(t, kind);
  const run = world.run();
  world.tell('run.queued', run);
  await host.gets(1);
  setRunStatus(world.store, run.id, 'preparing', world.daemon.clock.now());
  world.tell('run.started', run);
  await host.gets(2);
  finish(world, run, end);
  await host.gets(3);
  return host.received;
}

function finish(world: World, run: StoredRun, verdict: 'succeeded' | 'failed' | 'cancelled'): void {
  const { startedAt } = getRun(world.store, run.id)!;
  endRun(world.store, run.id, { verdict, at: (startedAt ?? 0) + 72_000, ...(verdict === 'failed' ? { error: { code: 'BUILD_FAILED', message: 'no image' } } : {}) });
  world.tell(`run.${verdict}`, getRun(world.store, run.id)!);
}

test('GitHub gets the statuses that its REST API defines', async (t) => {
  const received = await live(t, 'github', 'succeeded');
  for (const { method, path, headers } of received) {
    assert.deepEqual([method, path], ['POST', `/api/v3/repos/acme/shop/statuses/${commit}`]);
    assert.equal(headers.authorization, 'Bearer the-token');
    assert.equal(headers.accept, 'application/vnd.github+json');
    assert.equal(headers['x-github-api-version'], '2022-11-28');
    assert.notEqual(headers['user-agent'] ?? '', '', 'GitHub refuses requests without one');
  }
  assert.deepEqual(received.map(({ json }) => json), [
    { state: 'pending', description: 'Waits in the queue', context: 'redcontrol/shop' },
    { state: 'pending', description: 'Runs', context: 'redcontrol/shop' },
    { state: 'success', description: 'Passed in 1m 12s, live on production', context: 'redcontrol/shop', target_url: 'http://shop.example.com' },
  ]);
});

test('GitLab gets its own words, the project as one part of the path, and the ref', async (t) => {
  const received = await live(t, 'gitlab', 'cancelled');
  for (const { path, headers } of received) assert.deepEqual([path, headers['private-token']], [`/api/v4/projects/acme%2Fshop/statuses/${commit}`, 'the-token']);
  assert.deepEqual(received.map(({ json }) => [json.state, json.name, json.ref]), ['pending', 'running', 'canceled'].map((state) => [state, 'redcontrol/shop', 'main']));
});

for (const kind of ['gitea', 'forgejo']) {
  test(`${kind} gets the statuses that its API defines`, async (t) => {
    const received = await live(t, kind, 'failed');
    for (const { path, headers } of received) assert.deepEqual([path, headers.authorization], [`/api/v1/repos/acme/shop/statuses/${commit}`, 'token the-token']);
    assert.deepEqual(received.map(({ json }) => [json.state, json.description]), [['pending', 'Waits in the queue'], ['pending', 'Runs'], ['failure', 'Failed: no image']]);
  });
}

test('of the statuses that wait for a host only the newest of a run is sent', async (t) => {
  const { host, world } = await statused(t, 'github');
  host.replyNext({ status: 502 });
  const run = world.run();
  world.tell('run.queued', run);
  await host.gets(1);
  setRunStatus(world.store, run.id, 'running', 1);
  world.tell('run.started', run);
  finish(world, run, 'succeeded');
  while (host.received.at(-1)?.json.state !== 'success') await sleep(20);
  await sleep(150);
  assert.deepEqual(host.received.map(({ json }) => json.state), ['pending', 'success']);
});

test('GitLab\'s refusal of a state that the commit has already is no failure', async (t) => {
  const { outbox, world } = await statused(t, 'gitlab', { reply: { status: 400, body: '{"message":"Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via \\"enqueue\\")"}' } });
  world.run();
  assert.equal((await outbox.test('shop', 'status', new AbortController().signal)).delivered, true);
});

test('a host\'s words are the answer of a test, which writes the newest run\'s status again', async (t) => {
  const { host, world, outbox } = await statused(t, 'github');
  const signal = new AbortController().signal;
  assert.deepEqual({ ...(await outbox.test('shop', 'status', signal)), milliseconds: 0 }, { delivered: false, answer: 'no run yet whose status could be sent', milliseconds: 0 });
  world.run();
  world.run({ trigger: 'rollback' });
  host.replyNext({ status: 401, body: '{"message":"Bad credentials"}' }, { status: 201, body: '{"state":"pending"}' });
  assert.equal((await outbox.test('shop', 'status', signal)).answer, '401 Bad credentials');
  assert.equal((await outbox.test('shop', 'status', signal)).answer, '201 pending');
});

test('a used-up limit of GitHub is waited for', async (t) => {
  const { host, world } = await statused(t, 'github', { reply: { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 900) }, body: '{"message":"API rate limit exceeded"}' } });
  world.tell('run.queued', world.run());
  await host.gets(1);
  let nextAt = 0;
  while (nextAt === 0) {
    await sleep(20);
    nextAt = (world.store.sql('SELECT next_at AS nextAt FROM channels').get() as { nextAt: number } | undefined)?.nextAt ?? 0;
  }
  assert.ok(nextAt - Date.now() > 880_000, `${nextAt - Date.now()} ms`);
});

test('a rollback writes no status', async (t) => {
  const { host, world } = await statused(t, 'github');
  world.tell('run.queued', world.run({ trigger: 'rollback' }));
  world.tell('run.queued', world.run({ ref: 'other' }));
  await host.gets(1);
  await sleep(100);
  assert.equal(host.received.length, 1);
});

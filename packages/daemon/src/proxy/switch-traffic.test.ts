import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startLoad } from './test-bed/load.ts';
import { createProxyWorld, switchSite, testSite, type ProxyWorld } from './test-bed/proxy-world.ts';
import { openStreams } from './test-bed/streams.ts';
import { drainOut } from './switch-traffic.ts';

const siteId = 'shop--production';
const switches = 20;

let world: ProxyWorld;
before(async () => {
  world = await createProxyWorld();
});
after(() => world.close());

test('20 switches under load lose no request, and streams live until the end of the drain', async (t) => {
  const apps = [];
  for (let number = 1; number <= switches + 1; number += 1) apps.push(await world.startApp(`r${number}-web-1`));
  const [first, ...rest] = apps;
  assert.ok(first);
  await world.proxy.apply({ ...world.proxy.state(), sites: [testSite({ servers: [first.server] })] });
  const { pid } = await world.worker();
  const streams = await openStreams(world.httpPort, 'shop.test');
  const load = startLoad({ port: world.httpPort, host: 'shop.test', keepAlivePerSecond: 300, newPerSecond: 200 });
  t.after(() => {
    streams.close();
    return load.stop();
  });

  const waiting = new AbortController();
  const drains: Promise<unknown>[] = [];
  let old = first;
  for (const next of rest) {
    await switchSite(world.proxy, siteId, [next.server]);
    if (old !== first) drains.push(drainOut(world.proxy, { siteId, names: [old.server.name], drainMs: 600_000, signal: waiting.signal }).then(old.stop));
    old = next;
    await delay(150);
  }
  await Promise.all(drains);
  assert.deepEqual(streams.cut(), [], 'streams of the first version live on while it drains');
  assert.deepEqual((await world.proxy.observe(siteId)).map(({ name, state, sessions }) => [name, state, state === 'drain' ? sessions : 0]).sort(), [['r1-web-1', 'drain', 2], ['r21-web-1', 'ready', 0]]);

  waiting.abort();
  const ended = await drainOut(world.proxy, { siteId, names: [first.server.name], drainMs: 0 });
  assert.equal(ended.cut, 2);
  await streams.ended();
  const { lost, sent, answers, p50Ms, p99Ms } = await load.stop();
  t.diagnostic(`${sent} requests, ${lost.length} lost, p50 ${p50Ms} ms, p99 ${p99Ms} ms`);
  assert.deepEqual(lost, []);
  assert.equal(Object.keys(answers).length, switches + 1, 'every version answered');
  assert.equal((await world.worker()).pid, pid, 'no reload in between');
});

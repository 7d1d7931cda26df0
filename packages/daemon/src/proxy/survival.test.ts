import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createProxy } from './proxy.ts';
import { drainOut } from './switch-traffic.ts';
import { ask, startLoad } from './test-bed/load.ts';
import { addServers, createProxyWorld, switchSite, testSite, type ProxyWorld } from './test-bed/proxy-world.ts';
import { openStreams, type Streams } from './test-bed/streams.ts';

const siteId = 'shop--production';

let world: ProxyWorld;
before(async () => {
  world = await createProxyWorld();
});
after(() => world.close());

const states = async () => (await world.proxy.observe(siteId)).map(({ name, state }) => `${name} ${state}`).sort();

test('HAProxy that was killed comes back with the same servers, also in the middle of a drain', async () => {
  const [first, second] = [await world.startApp('r1-web-1'), await world.startApp('r2-web-1')];
  await world.proxy.apply({ ...world.proxy.state(), sites: [testSite({ servers: [first.server] })] });
  await addServers(world.proxy, siteId, [second.server]);
  await world.proxy.drainServers(siteId, ['r1-web-1']);
  const before = await states();
  assert.deepEqual(before, ['r1-web-1 drain', 'r2-web-1 ready']);
  await world.kill();
  await world.restart();
  assert.deepEqual(await states(), before);
  assert.equal((await ask({ port: world.httpPort, host: 'shop.test' })).body, 'r2-web-1');
  assert.deepEqual(await world.proxy.reconcile(), { reloaded: false });
  await addServers(world.proxy, siteId, [{ ...first.server, state: 'ready' }]);
  await world.proxy.removeServers(siteId, ['r2-web-1']);
  assert.deepEqual(await states(), ['r1-web-1 ready']);
  assert.equal((await ask({ port: world.httpPort, host: 'shop.test' })).body, 'r1-web-1');
});

test('a file that was spoilt and a daemon that knows nothing are brought back to what is wanted', async () => {
  const app = await world.startApp('r3-web-1');
  const state = { ...world.proxy.state(), sites: [testSite({ servers: [app.server] })] };
  await world.proxy.apply(state);
  const file = join(world.directory, 'haproxy', 'haproxy.cfg');
  const good = await readFile(file, 'utf8');
  await writeFile(file, 'not a configuration');
  const anew = await createProxy({ directory: join(world.directory, 'haproxy'), runDirectory: world.directory, httpPort: world.httpPort, httpsPort: world.httpsPort });
  assert.deepEqual(await anew.apply(state), { reloaded: false });
  assert.equal(await readFile(file, 'utf8'), good);
});

test('three versions drain at once, each until its own connections end', async (t) => {
  const apps = [];
  for (const name of ['r4-web-1', 'r5-web-1', 'r6-web-1', 'r7-web-1']) apps.push(await world.startApp(name));
  const streams: Streams[] = [];
  t.after(() => streams.forEach((one) => one.close()));
  const drains = [];
  let old: string[] = world.proxy.state().sites.flatMap((site) => site.servers.map((server) => server.name));
  for (const app of apps) {
    await switchSite(world.proxy, siteId, [app.server]);
    drains.push(drainOut(world.proxy, { siteId, names: old, drainMs: 600_000 }));
    old = [app.server.name];
    streams.push(await openStreams(world.httpPort, 'shop.test'));
  }
  await drains[0];
  assert.deepEqual(await states(), ['r4-web-1 drain', 'r5-web-1 drain', 'r6-web-1 drain', 'r7-web-1 ready']);
  assert.equal(await world.proxy.activeSessions(siteId, 'r5-web-1'), 2);
  streams[1]?.close();
  assert.equal((await drains[2])?.cut, 0);
  assert.deepEqual(await states(), ['r4-web-1 drain', 'r6-web-1 drain', 'r7-web-1 ready']);
  assert.deepEqual([streams[0]?.cut(), streams[2]?.cut(), streams[3]?.cut()], [[], [], []]);
  streams[0]?.close();
  streams[2]?.close();
  await Promise.all([drains[1], drains[3]]);
  assert.deepEqual(await states(), ['r7-web-1 ready']);
});

test('a reload for a new site loses no request and cuts no stream, and what it left behind still follows switches', async (t) => {
  const [current, next] = [await world.startApp('r8-web-1'), await world.startApp('r9-web-1')];
  await world.proxy.apply({ ...world.proxy.state(), sites: [testSite({ servers: [current.server] })] });
  const streams = await openStreams(world.httpPort, 'shop.test');
  const load = startLoad({ port: world.httpPort, host: 'shop.test', keepAlivePerSecond: 200, newPerSecond: 100 });
  t.after(() => {
    streams.close();
    return load.stop();
  });
  const { pid } = await world.worker();
  for (let count = 1; count <= 4; count += 1) {
    await delay(250);
    const sites = [...world.proxy.state().sites, testSite({ id: `site${count}--production`, domains: [`site${count}.test`], servers: [current.server] })];
    assert.deepEqual(await world.proxy.apply({ ...world.proxy.state(), sites }), { reloaded: true });
  }
  assert.notEqual((await world.worker()).pid, pid);
  assert.equal((await ask({ port: world.httpPort, host: 'site3.test' })).status, 200);

  await switchSite(world.proxy, siteId, [next.server]);
  await delay(500);
  assert.equal(await world.proxy.activeSessions(siteId, 'r8-web-1'), 2, 'sessions of replaced workers are counted');
  assert.deepEqual(streams.cut(), []);
  const { sent, lost, answers } = await load.stop();
  t.diagnostic(`${sent} requests over 4 reloads and a switch, ${lost.length} lost`);
  assert.deepEqual(lost, []);
  assert.ok((answers['r9-web-1'] ?? 0) > 0);

  assert.equal((await drainOut(world.proxy, { siteId, names: ['r8-web-1'], drainMs: 0 })).cut, 2);
  await streams.ended();
});

test('clients of a replaced worker that come back after a switch find the new servers', async () => {
  const { Agent } = await import('node:http');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const [current, next] = [await world.startApp('r10-web-1'), await world.startApp('r11-web-1')];
  await world.proxy.apply({ ...world.proxy.state(), sites: [testSite({ servers: [current.server] })] });
  const first = await ask({ port: world.httpPort, host: 'shop.test', agent });
  assert.deepEqual([first.body, first.headers.connection], ['r10-web-1', undefined]);
  await world.proxy.apply({ ...world.proxy.state(), sites: [testSite({ servers: [current.server], timeoutMs: 20_000 })] });
  await switchSite(world.proxy, siteId, [next.server]);
  await drainOut(world.proxy, { siteId, names: ['r10-web-1'], drainMs: 0 });
  current.stop();
  const second = await ask({ port: world.httpPort, host: 'shop.test', agent });
  assert.deepEqual([second.body, second.headers.connection], ['r11-web-1', 'close'], 'answered, and asked to come to the present worker');
  agent.destroy();
});

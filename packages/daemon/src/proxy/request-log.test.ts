import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startRequestLog, type RequestEntry, type RequestLog } from './request-log.ts';
import type { SiteServer } from './site.ts';
import { ask } from './test-bed/load.ts';
import { createProxyWorld, testSite, type ProxyWorld } from './test-bed/proxy-world.ts';

let world: ProxyWorld;
let server: SiteServer;
let log: RequestLog;
const seen: RequestEntry[] = [];
const open = async () => {
  log = await startRequestLog({ socket: join(world.directory, 'requests.sock'), directory: join(world.directory, 'requests'), maxFileBytes: 4_000, onRequest: (entry) => seen.push(entry) });
};
before(async () => {
  world = await createProxyWorld();
  server = (await world.startApp('r1-web-1')).server;
  await open();
});
after(async () => {
  await log.close();
  await world.close();
});

const request = (host: string, path: string) => ask({ port: world.httpPort, host, path });
const until = async (holds: () => boolean) => {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 400, `Expected more requests in the log, got ${JSON.stringify(seen.slice(-3))}`);
    await delay(25);
  }
};

test('each request is told with its time and path, without the query where not asked for', async () => {
  const sites = [
    testSite({ servers: [server] }),
    testSite({ id: 'full--production', domains: ['full.test'], servers: [server], requestLog: 'full' }),
    testSite({ id: 'off--production', domains: ['off.test'], servers: [server], requestLog: 'off' }),
  ];
  await world.proxy.apply({ ...world.proxy.state(), sites, requestLogSocket: join(world.directory, 'requests.sock') });
  await request('off.test', '/secret');
  await request('shop.test', '/a?token=secret');
  await request('full.test', `/b?x="\\${'y'.repeat(3000)}`);
  await until(() => seen.length >= 3);
  const counted = seen.shift();
  assert.deepEqual([counted?.site, counted?.status, counted?.path], ['off--production', 200, 'off'], 'counted, without what was asked for');
  assert.deepEqual(seen.map(({ site, server: name, status, method, end }) => [site, name, status, method, end]), [['shop--production', 'r1-web-1', 200, 'GET', '--'], ['full--production', 'r1-web-1', 200, 'GET', '--']]);
  const [first, second] = seen;
  assert.equal(first?.path, '/a');
  assert.match(first?.id ?? '', /^[0-9a-f-]{36}$/);
  assert.ok(Math.abs((first?.at ?? 0) - Date.now()) < 60_000 && (first?.totalMs ?? 0) >= 20);
  assert.match(second?.path ?? '', /^\/b\?x="\\y{490,500}$/);
});

test('a site that keeps no log has none', async () => {
  await until(() => existsSync(join(world.directory, 'requests', 'full--production.log')));
  assert.equal(existsSync(join(world.directory, 'requests', 'off--production.log')), false);
});

test('lines wait while nobody reads, files are bounded, and a reload goes on', async () => {
  await log.close();
  for (let count = 0; count < 30; count += 1) await request('shop.test', `/n${count}`);
  await world.proxy.apply({ ...world.proxy.state(), sites: world.proxy.state().sites.map((site) => ({ ...site, timeoutMs: 9_000 })) });
  seen.length = 0;
  await open();
  await request('shop.test', '/after');
  await until(() => seen.some((entry) => entry.path === '/after'));
  while ((await world.proxy.stats()).oldWorkers > 0) await delay(50);
  await log.close();
  const kept = await readFile(join(world.directory, 'requests', 'shop--production.log'), 'utf8');
  assert.ok(Buffer.byteLength(kept) <= 4_000 + 1_000);
  assert.equal(JSON.parse(kept.trim().split('\n').at(-1) ?? '').path, '/after');
});

import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { hashBasicAuth } from './basic-auth.ts';
import type { Site, SiteServer } from './site.ts';
import { ask } from './test-bed/load.ts';
import { createProxyWorld, freePort, testSite, type ProxyWorld } from './test-bed/proxy-world.ts';

let world: ProxyWorld;
let server: SiteServer;
before(async () => {
  world = await createProxyWorld();
  server = (await world.startApp('r1-web-1')).server;
});
after(() => world.close());

const get = (host: string, path = '/', headers: Record<string, string> = {}) => ask({ port: world.httpPort, host, path, headers });
const apply = (...sites: Partial<Site>[]) => world.proxy.apply({ ...world.proxy.state(), sites: sites.map((site) => testSite({ servers: [server], ...site })) });

test('a request goes to the site of its host; an unknown host gets a page that says so, in its language', async () => {
  await apply({});
  assert.equal((await get('shop.test')).body, 'r1-web-1');
  assert.equal((await get('SHOP.test.:8080')).body, 'r1-web-1');
  const unknown = await get('other.test');
  assert.equal(unknown.status, 404);
  assert.match(unknown.body, /<html lang="en">.*No site here/);
  assert.match((await get('other.test', '/', { 'accept-language': 'ru-RU,en;q=0.5' })).body, /<html lang="ru">.*Здесь нет сайта/);
});

test('what a client claims of itself is not passed on', async () => {
  await apply({});
  const { body } = await get('shop.test', '/headers', {
    'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', 'x-forwarded-evil': '1', forwarded: 'for=203.0.113.9', 'x-real-ip': '203.0.113.9', 'x-request-id': 'mine', proxy: 'http://203.0.113.9',
  });
  const headers = JSON.parse(body) as Record<string, string>;
  assert.equal(headers['x-forwarded-for'], '127.0.0.1');
  assert.equal(headers['x-real-ip'], '127.0.0.1');
  assert.equal(headers['x-forwarded-proto'], 'http');
  assert.equal(headers['x-forwarded-host'], 'shop.test');
  assert.match(headers['x-request-id'] ?? '', /^[0-9a-f]{8}-/);
  assert.equal(headers.connection, 'close', 'each request has its own connection: a pooled one may be closed under a POST');
  for (const name of ['forwarded', 'x-forwarded-evil', 'proxy']) assert.equal(headers[name], undefined, name);
});

test('domains, redirects, maintenance and servers change without a reload', async () => {
  await apply({});
  const { pid } = await world.worker();
  await apply({ domains: ['shop.test', 'second.test'], redirects: { 'www.shop.test': { to: 'shop.test', status: 308 }, 'old.test': { to: 'shop.test', status: 301 } } });
  assert.equal((await get('second.test')).body, 'r1-web-1');
  const moved = await get('www.shop.test', '/a?b=1');
  assert.deepEqual([moved.status, moved.headers.location], [308, `http://shop.test:${world.httpPort}/a?b=1`]);
  const old = await get('old.test', '/%D1%8F/?b=1&c');
  assert.deepEqual([old.status, old.headers.location], [301, `http://shop.test:${world.httpPort}/%D1%8F/?b=1&c`]);
  await apply({ maintenance: { letIn: [] } });
  const maintenance = await get('shop.test');
  assert.deepEqual([maintenance.status, maintenance.headers['retry-after'], /Maintenance.*back soon/.test(maintenance.body)], [503, '60', true]);
  assert.match((await get('shop.test', '/', { 'accept-language': 'ru' })).body, /Технические работы.*скоро он снова откроется/);
  assert.equal((await get('second.test')).status, 404);
  await apply({ servers: [] });
  const down = await get('shop.test', '/', { 'accept-language': 'ru' });
  assert.equal(down.status, 503);
  assert.match(down.body, /Сайт сейчас не отвечает/);
  assert.equal((await world.worker()).pid, pid);
});

test('a maintenance page says its message as plain text, and lets in the networks that each site names', async () => {
  const second = { id: 'other--production', domains: ['other.test'] };
  await apply({}, second);
  const { pid } = await world.worker();
  await apply({ maintenance: { message: `Закрыто до 18:00 <b>; %[env(PATH)] "'\\`, letIn: ['127.0.0.1'] } }, { ...second, maintenance: { letIn: ['192.0.2.0/24', '::1'] } });
  assert.equal((await get('shop.test')).body, 'r1-web-1');
  assert.equal((await get('other.test')).status, 503);
  await apply({ maintenance: { message: `Закрыто до 18:00 <b>; %[env(PATH)] "'\\`, letIn: [] } }, { ...second, maintenance: { letIn: ['127.0.0.1/8'] } });
  assert.match((await get('shop.test')).body, /<p>Закрыто до 18:00 &lt;b&gt;; %\[env\(PATH\)\] &quot;&#39;\\<\/p>/);
  assert.equal((await get('other.test')).body, 'r1-web-1');
  await apply({ maintenance: { letIn: ['127.0.0.1'] } }, { ...second, maintenance: { letIn: ['127.0.0.0/8', '127.0.0.0/30'] } });
  assert.deepEqual([(await get('shop.test')).status, (await get('other.test')).status], [200, 200], 'a narrower network of one site takes nothing from the wider of another');
  assert.equal((await world.worker()).pid, pid, 'no reload');
  await world.kill();
  await world.restart();
  await apply({ maintenance: { message: 'x', letIn: [] } });
  await world.kill();
  await world.restart();
  assert.match((await get('shop.test')).body, /<p>x<\/p>/, 'a restarted HAProxy has it from its files');
  await assert.rejects(apply({ maintenance: { letIn: ['all'] } }), { code: 'PROXY_FAILED' });
});

test('a path prefix takes whole parts of the path, the longest first', async () => {
  const api = (await world.startApp('api-web-1')).server;
  await apply({}, { id: 'shop--production--api', pathPrefix: '/api', servers: [api] });
  assert.equal((await get('shop.test', '/api')).body, 'api-web-1');
  assert.equal((await get('shop.test', '/api/users?x=/')).body, 'api-web-1');
  assert.equal((await get('shop.test', '/apis')).body, 'r1-web-1');
  assert.equal((await get('shop.test', '/other/api/')).body, 'r1-web-1');
});

test('a site without a domain is served on its own port, whatever the host', async () => {
  const port = await freePort();
  await apply({ domains: [], port });
  assert.equal((await ask({ port, host: `203.0.113.5:${port}` })).body, 'r1-web-1');
  assert.equal((await get('203.0.113.5')).status, 404);
  await apply({ domains: ['shop.test'], servers: [] }, { id: 'plain--production', domains: [], port: world.httpPort });
  assert.equal((await get('203.0.113.5')).body, 'r1-web-1', 'on the port of HTTP: all hosts that no other site has');
  assert.equal((await get('shop.test')).status, 503);
});

test('a port that another program has is refused, and all goes on as before', async (t) => {
  await apply({});
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, resolve));
  t.after(() => taken.close());
  const address = taken.address();
  assert.ok(address && typeof address === 'object');
  await assert.rejects(apply({ port: address.port }), { code: 'PROXY_FAILED' });
  assert.equal((await get('shop.test')).body, 'r1-web-1');
  await apply({ domains: ['shop.test'], timeoutMs: 30_000 });
  assert.equal((await get('shop.test')).body, 'r1-web-1');
});

test('passwords, address lists, body sizes and compression', async () => {
  await apply({ basicAuth: [{ user: 'anna', hash: hashBasicAuth('anna', `p'"a\n$%{}ss`) }, { user: 'борис', hash: hashBasicAuth('борис', 'б') }], bodySizeBytes: 10, compression: true });
  const login = (user: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });
  assert.equal((await get('shop.test')).status, 401);
  assert.equal((await get('shop.test', '/', login('anna', 'б'))).status, 401);
  const anna = login('anna', `p'"a\n$%{}ss`);
  assert.equal((await get('shop.test', '/', anna)).body, 'r1-web-1');
  assert.equal((await get('shop.test', '/', login('борис', 'б'))).body, 'r1-web-1');
  assert.doesNotMatch((await get('shop.test', '/headers', anna)).body, /authorization/);
  const post = (body: string, headers: Record<string, string> = {}) => ask({ port: world.httpPort, host: 'shop.test', method: 'POST', body, headers: { ...anna, ...headers } });
  assert.equal((await post('0123456789')).status, 200);
  assert.equal((await post('0123456789a')).status, 413);
  assert.equal((await post('0123456789', { 'transfer-encoding': 'chunked' })).status, 411);
  await apply({ compression: true });
  const packed = await get('shop.test', '/long', { 'accept-encoding': 'gzip' });
  assert.match(gunzipSync(packed.bytes).toString(), /^(r1-web-1 )+$/);
  await apply({ allow: ['192.0.2.0/24'] });
  assert.equal((await get('shop.test')).status, 403);
  await apply({ allow: ['192.0.2.0/24', '127.0.0.1', '::1'] });
  assert.equal((await get('shop.test')).status, 200);
});

test('webhooks reach the daemon on every host and port, and the app never sees them', async (t) => {
  const port = await freePort();
  await apply({ port, maintenance: { letIn: [] } });
  const path = '/-/redcontrol/hooks/shop';
  assert.equal((await get('shop.test', path)).status, 503, 'the daemon is away');
  const hooks = createServer((request, response) => void response.end(`hook ${request.url}`));
  await new Promise<void>((resolve) => hooks.listen(join(world.directory, 'webhook.sock'), resolve));
  await chmod(join(world.directory, 'webhook.sock'), 0o666);
  t.after(() => hooks.close());
  for (const answer of [await get('shop.test', path), await get('203.0.113.5', path), await ask({ port, host: 'x', path })]) assert.equal(answer.body, `hook ${path}`);
});

test('a request to a server that hangs is asked again elsewhere if that can do no harm', async () => {
  const second = await world.startApp('r1-web-2');
  await ask({ port: second.server.port, host: 'x', path: '/hang' });
  await apply({ timeoutMs: 300, servers: [server, second.server] });
  const answers = await Promise.all(Array.from({ length: 10 }, () => get('shop.test')));
  assert.deepEqual(answers.map((answer) => answer.body), Array.from({ length: 10 }, () => 'r1-web-1'));
  const posts = await Promise.all(Array.from({ length: 10 }, () => ask({ port: world.httpPort, host: 'shop.test', method: 'POST' })));
  assert.deepEqual([...new Set(posts.map((answer) => answer.status))].sort(), [200, 504], 'a POST is never sent twice');
});

test('of three instances with a check one hangs: no request is lost, and it is taken out', async () => {
  const check = { path: '/health' };
  const apps = [await world.startApp('r2-web-1', check), await world.startApp('r2-web-2', check), await world.startApp('r2-web-3', check)];
  await apply({ timeoutMs: 1_000, servers: apps.map((app) => app.server) });
  const state = async () => (await world.proxy.observe('shop--production')).map((one) => `${one.name} ${one.state}`).sort().join();
  const all = 'r2-web-1 ready,r2-web-2 ready,r2-web-3 ready';
  assert.equal(await state(), all);
  await ask({ port: apps[1]?.server.port ?? 0, host: 'x', path: '/hang' });
  for (let tries = 0; (await state()) === all; tries += 1) {
    assert.ok(tries < 100);
    const answers = await Promise.all([get('shop.test'), get('shop.test'), get('shop.test')]);
    for (const answer of answers) assert.equal(answer.status, 200);
  }
  assert.equal(await state(), 'r2-web-1 ready,r2-web-2 down,r2-web-3 ready');
  assert.deepEqual(await world.proxy.reconcile(), { reloaded: false });
  for (let count = 0; count < 10; count += 1) assert.match((await get('shop.test')).body, /r2-web-[13]/);
});

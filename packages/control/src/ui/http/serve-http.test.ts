import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { startUi, type RunningUi } from '../start-ui.ts';

let folder = '';
let ui: RunningUi;
let origin = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-http-'));
  const pageFolder = join(folder, 'page');
  await mkdir(join(pageFolder, 'assets'), { recursive: true });
  await writeFile(join(pageFolder, 'index.html'), '<meta name="style-nonce" content="__STYLE_NONCE__"><body>page</body>');
  await writeFile(join(pageFolder, 'assets', 'a.js'), 'console.log(1)');
  await writeFile(join(folder, 'secret.js'), 'not of the page');
  ui = await startUi({ folder: join(folder, 'settings'), pageFolder });
  origin = new URL(ui.url).origin;
});
after(async () => {
  await ui.close();
  await rm(folder, { recursive: true });
});

test('the page comes with a strict policy and a new nonce each time', async () => {
  const [one, other] = [await ask('/'), await ask('/servers/192.0.2.1%3A22/shop')];
  assert.equal(one.status, 200);
  assert.equal(other.status, 200, 'routes of the page are the page');
  const policy = String(one.headers['content-security-policy']);
  assert.match(policy, /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*/);
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
  assert.ok(one.body.includes(nonce) && nonce.length > 20);
  assert.ok(!other.body.includes(nonce));
});

test('nothing outside the page is served', async () => {
  for (const path of ['/../secret.js', '/..%2fsecret.js', '/assets/../../secret.js', '/assets/none.js', '/secret.js']) {
    assert.equal((await ask(path)).status, 404, path);
  }
});

test('another host name in the request is refused, as rebinding of names would bring', async () => {
  assert.equal((await ask('/', { headers: { host: 'evil.example' } })).status, 421);
  assert.equal((await ask('/session', { headers: { host: `evil.example:${new URL(origin).port}` } })).status, 421);
});

test('a token gives a session once, to this page only', async () => {
  const token = new URL(ui.newUrl()).hash.slice('#token='.length);
  assert.equal((await ask('/session', { method: 'POST', body: token })).status, 403, 'no Origin');
  assert.equal((await ask('/session', { method: 'POST', body: token, headers: { origin: 'http://evil.example' } })).status, 403);
  assert.equal((await ask('/session', { method: 'POST', body: 'x'.repeat(500), headers: { origin } })).status, 413);
  assert.equal((await ask('/session', { method: 'POST', body: 'wrong', headers: { origin } })).status, 403);
  const exchanged = await ask('/session', { method: 'POST', body: token, headers: { origin } });
  assert.equal(exchanged.status, 204);
  const [cookie = ''] = exchanged.headers['set-cookie'] ?? [];
  assert.match(cookie, /HttpOnly; SameSite=Strict$/);
  assert.equal((await ask('/session', { method: 'POST', body: token, headers: { origin } })).status, 403, 'used');
  assert.equal((await ask('/session', { headers: { cookie: cookie.split(';')[0]! } })).status, 204);
  assert.equal((await ask('/session')).status, 401);
});

test('there is no WebSocket and no download without the session or from elsewhere', async () => {
  const cookie = await login();
  assert.equal((await ask('/download/log?server=a&run=1&step=0')).status, 401);
  assert.equal(await connect({ origin }), 403);
  assert.equal(await connect({ origin: 'http://evil.example', cookie }), 403);
  assert.equal(await connect({ cookie }), 403, 'no Origin');
  assert.equal(await connect({ origin, cookie, path: '/other' }), 403);
  assert.equal(await connect({ origin, cookie }), 'open');
});

test('answers name no other origin and allow none', async () => {
  for (const path of ['/', '/session', '/assets/a.js']) {
    const { headers } = await ask(path, { headers: { origin: 'http://evil.example' } });
    assert.equal(headers['access-control-allow-origin'], undefined, path);
  }
});

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** By node:http, which sends a path and a Host as they are given. */
function ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: new URL(origin).port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    asking.on('error', reject).end(body);
  });
}

async function login(): Promise<string> {
  const token = new URL(ui.newUrl()).hash.slice('#token='.length);
  const { headers } = await ask('/session', { method: 'POST', body: token, headers: { origin } });
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

function connect({ origin: from, cookie, path = '/rpc' }: { origin?: string; cookie?: string; path?: string }): Promise<'open' | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, { ...(from ? { origin: from } : {}), headers: cookie ? { cookie } : {} });
    socket.on('open', () => { socket.terminate(); resolve('open'); });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
}

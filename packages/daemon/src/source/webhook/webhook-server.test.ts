import { test, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { stat, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '../testing/upstream.ts';
import { heldClock } from '../testing/held-clock.ts';
import { createReplayStore, createWebhookServer, maxWebhookBodyBytes, webhookPath, type PushInfo, type WebhookServerOptions } from '../index.ts';

const secret = 'a-secret-of-the-hook';
const after = '6113728f27ae82c7b1a177c8d03f9e96e0adf246';
const before = '28e1879d029cb852e4844d9c718537df08844e03';

async function start(t: TestContext, options: Partial<WebhookServerOptions> = {}) {
  const socketPath = join(await temporaryFolder(t), 'run/webhook.sock');
  const pushes: { project: string; info: PushInfo }[] = [];
  const server = await createWebhookServer({
    socketPath, clock: heldClock(), replayStore: createReplayStore(),
    hooks: (project) => (project === 'shop' ? { secret } : project === 'open' ? { secret: '' } : undefined),
    onPush: (project, info) => pushes.push({ project, info }),
    ...options,
  });
  t.after(() => server.close());
  const post = (delivery: Delivery, path = webhookPath('shop'), method = 'POST') => send(socketPath, { path, method, headers: delivery.headers, body: delivery.body });
  return { socketPath, pushes, post };
}

interface Delivery {
  headers: Record<string, string>;
  body: string;
}

function send(socketPath: string, what: { path: string; method: string; headers: Record<string, string>; body: string }): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path: what.path, method: what.method, headers: { 'content-length': String(Buffer.byteLength(what.body)), ...what.headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(what.body);
  });
}

const hmac = (body: string, key = secret) => createHmac('sha256', key).update(body).digest('hex');

/** https://docs.github.com/webhooks/webhook-events-and-payloads#push */
function github(options: { event?: string; delivery?: string; key?: string; form?: boolean; body?: string } = {}): Delivery {
  const payload = options.body ?? JSON.stringify({
    ref: 'refs/heads/main', before, after, created: false, deleted: false, forced: false, compare: 'https://github.com/acme/shop/compare/28e1879d029c...6113728f27ae',
    repository: { id: 1, name: 'shop', full_name: 'acme/shop', private: true, default_branch: 'main' }, pusher: { name: 'anna', email: 'anna@example.com' },
    commits: [{ id: after, message: 'Fix the cart', timestamp: '2026-11-20T10:00:00+03:00', added: [], removed: [], modified: ['cart.py'] }], head_commit: { id: after },
  });
  const body = options.form ? new URLSearchParams({ payload }).toString() : payload;
  return {
    body,
    headers: {
      'content-type': options.form ? 'application/x-www-form-urlencoded' : 'application/json', 'user-agent': 'GitHub-Hookshot/044aadd', 'x-github-event': options.event ?? 'push',
      'x-github-delivery': options.delivery ?? '72d3162e-cc78-11e3-81ab-4c9367dc0958', 'x-github-hook-id': '292430182', 'x-hub-signature-256': `sha256=${hmac(body, options.key)}`,
    },
  };
}

/** https://docs.gitlab.com/user/project/integrations/webhook_events/#push-events */
function gitlab(options: { event?: string; token?: string; ref?: string; checkout?: string | null; id?: string } = {}): Delivery {
  const kind = options.event === 'Tag Push Hook' ? 'tag_push' : 'push';
  const checkout = options.checkout === undefined ? after : options.checkout;
  const body = JSON.stringify({
    object_kind: kind, event_name: kind, before, after: checkout ?? '0'.repeat(40), ref: options.ref ?? 'refs/heads/main', checkout_sha: checkout, user_username: 'anna', project_id: 15,
    project: { id: 15, name: 'Shop', path_with_namespace: 'acme/shop', default_branch: 'main' }, commits: [{ id: after, message: 'Fix the cart', author: { name: 'Anna', email: 'anna@example.com' } }], total_commits_count: 1,
  });
  return {
    body,
    headers: {
      'content-type': 'application/json', 'x-gitlab-event': options.event ?? 'Push Hook', 'x-gitlab-token': options.token ?? secret, 'x-gitlab-instance': 'https://gitlab.example.com',
      'x-gitlab-webhook-uuid': '6d3fa8ea-0a3e-4a6b-8d3e-2a3b0b8b0c0d', 'x-gitlab-event-uuid': '13792a34-cac6-4fda-95a8-c58e00a3954e', 'idempotency-key': options.id ?? 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
    },
  };
}

/** https://docs.gitea.com/usage/webhooks and https://forgejo.org/docs/latest/user/webhooks: Forgejo sends Gitea's headers too. */
function gitea(forge: 'gitea' | 'forgejo', options: { event?: string; key?: string; headers?: Record<string, string> } = {}): Delivery {
  const body = JSON.stringify({
    ref: 'refs/heads/develop', before, after, compare_url: 'http://git.example.com/acme/shop/compare/28e1879d...6113728f', total_commits: 1,
    commits: [{ id: after, message: 'Fix the cart', author: { name: 'Anna', email: 'anna@example.com', username: 'anna' }, timestamp: '2026-11-20T10:00:00+03:00' }],
    repository: { id: 140, name: 'shop', full_name: 'acme/shop', private: true, default_branch: 'main' }, pusher: { id: 1, login: 'anna' }, sender: { id: 1, login: 'anna' },
  });
  const event = options.event ?? 'push';
  const names = forge === 'forgejo' ? ['Forgejo', 'Gitea', 'Gogs'] : ['Gitea', 'Gogs'];
  const own = names.flatMap((name) => [[`x-${name.toLowerCase()}-delivery`, 'f6266f16-1bf3-46a5-9ea4-602e06ead473'], [`x-${name.toLowerCase()}-event`, event], [`x-${name.toLowerCase()}-signature`, hmac(body, options.key)]]);
  return {
    body,
    headers: {
      'content-type': 'application/json', ...Object.fromEntries(own), 'x-github-event': event, 'x-github-delivery': 'f6266f16-1bf3-46a5-9ea4-602e06ead473',
      'x-hub-signature-256': `sha256=${hmac(body, options.key)}`, ...options.headers,
    },
  };
}

test('each forge\'s signed push makes us look, once', async (t) => {
  const { post, pushes } = await start(t);
  const deliveries = [github(), gitlab(), gitea('gitea'), gitlab({ event: 'Tag Push Hook', ref: 'refs/tags/v1', id: 'other' })];
  for (const delivery of deliveries) assert.equal((await post(delivery)).status, 202);
  assert.deepEqual(pushes.map(({ project, info }) => [project, info.forge, info.ref, info.commit]), [
    ['shop', 'github', 'refs/heads/main', after], ['shop', 'gitlab', 'refs/heads/main', after], ['shop', 'gitea', 'refs/heads/develop', after], ['shop', 'gitlab', 'refs/tags/v1', after],
  ]);
  for (const delivery of deliveries) assert.deepEqual(await post(delivery), { status: 200, text: '{"status":"seen before"}\n' });
  assert.equal(pushes.length, 4);
});

test('Forgejo is told from Gitea, and GitHub may send forms', async (t) => {
  const { post, pushes } = await start(t);
  assert.equal((await post(gitea('forgejo'))).status, 202);
  assert.equal((await post(github({ form: true }))).status, 202);
  assert.deepEqual(pushes.map(({ info }) => [info.forge, info.commit]), [['forgejo', after], ['github', after]]);
});

test('a replay under another delivery id is known by its body', async (t) => {
  const { post, pushes } = await start(t);
  assert.equal((await post(github())).status, 202);
  assert.equal((await post(github({ delivery: 'another' }))).status, 200);
  assert.equal(pushes.length, 1);
});

test('what is kept against replays is bounded by number and age', () => {
  const store = createReplayStore({ maxEntries: 3, maxAgeMs: 1000 });
  assert.deepEqual(['a', 'a', 'b', 'c'].map((key) => store.remember(key, 0)), [true, false, true, true]);
  assert.equal(store.remember('d', 0), true);
  assert.equal(store.remember('a', 0), true, 'the oldest went for the newest');
  assert.equal(store.remember('d', 999), false);
  assert.equal(store.remember('d', 1000), true);
});

test('forged deliveries and unknown projects are answered alike', async (t) => {
  const { post, pushes } = await start(t);
  const { 'x-hub-signature-256': _, ...unsigned } = github().headers;
  const forged: Delivery[] = [
    github({ key: 'guess' }), github({ key: '' }), gitlab({ token: 'guess' }), gitlab({ token: '' }), gitea('gitea', { key: 'guess' }), { ...github(), headers: unsigned },
    { ...github(), body: github().body.replace('main', 'evil') }, gitea('forgejo', { headers: { 'x-forgejo-signature': '00' } }), gitea('gitea', { headers: { 'x-gitlab-token': 'guess' } }),
    { ...github(), headers: { ...github().headers, 'x-hub-signature-256': `sha1=${hmac(github().body)}` } },
  ];
  const answers = new Set<string>();
  for (const delivery of forged) answers.add(JSON.stringify(await post(delivery)));
  for (const path of [webhookPath('nobody'), webhookPath('open'), '/', '/-/redcontrol/hooks/', `${webhookPath('shop')}/x`, '/-/redcontrol/hooks/..%2f..', '/-/redcontrol/hooks/SHOP']) answers.add(JSON.stringify(await post(github(), path)));
  answers.add(JSON.stringify(await post(github({ key: '' }), webhookPath('open'))));
  answers.add(JSON.stringify(await post({ headers: {}, body: '' }, webhookPath('shop'), 'GET')));
  assert.deepEqual([...answers], [JSON.stringify({ status: 404, text: '{"status":"not found"}\n' })]);
  assert.deepEqual(pushes, []);
});

test('pings and other events are taken and start nothing', async (t) => {
  const { post, pushes } = await start(t);
  assert.deepEqual(await post(github({ event: 'ping', body: JSON.stringify({ zen: 'Keep it logically awesome.', hook_id: 1 }) })), { status: 200, text: '{"status":"pong"}\n' });
  assert.equal((await post(github({ event: 'issues' }))).status, 200);
  assert.equal((await post(gitlab({ event: 'Merge Request Hook' }))).status, 200);
  assert.deepEqual(pushes, []);
});

test('what a webhook claims is cut down to a hint', async (t) => {
  const { post, pushes } = await start(t);
  await post(github({ body: JSON.stringify({ ref: '--upload-pack=touch /tmp/x', after: '$(id)' }) }));
  await post(gitlab({ checkout: null }));
  assert.deepEqual(pushes.map(({ info }) => [info.ref, info.commit]), [[undefined, undefined], ['refs/heads/main', undefined]]);
});

test('signed garbage is refused and harms nothing', async (t) => {
  const { post, pushes } = await start(t);
  for (const body of ['', 'garbage', '[]', 'null', '"text"', '{"a":', '\0\u0001\u0002']) assert.equal((await post(github({ body }))).status, 400, JSON.stringify(body));
  assert.equal((await post(github({ form: true, body: 'no json' }))).status, 400);
  assert.equal((await post(github())).status, 202);
  assert.equal(pushes.length, 1);
});

test('a body over the limit is not read to its end', async (t) => {
  const { socketPath, post, pushes } = await start(t);
  const big = github({ body: JSON.stringify({ filler: 'x'.repeat(maxWebhookBodyBytes) }) });
  assert.equal((await post(big)).status, 413);
  assert.equal((await post({ ...big, headers: { ...big.headers, 'content-length': String(10 ** 12) } }).catch(() => ({ status: 413 }))).status, 413);
  // Chunked: the size is not announced, and never ends.
  const { answer, sentBytes } = await pour(socketPath);
  assert.match(answer, /^HTTP\/1\.1 413 /);
  assert.ok(sentBytes < 64 * maxWebhookBodyBytes);
  assert.equal((await post(github({ body: JSON.stringify({ ref: 'refs/heads/main', filler: 'x'.repeat(maxWebhookBodyBytes - 100) }) }))).status, 202, 'just under it is fine');
  assert.equal(pushes.length, 1);
});

/** Sends an endless chunked body until the other side ends the connection. */
function pour(socketPath: string): Promise<{ answer: string; sentBytes: number }> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    let [answer, sentBytes] = ['', 0];
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const write = () => {
      while (!socket.destroyed && socket.write(chunk)) sentBytes += chunk.length;
      sentBytes += chunk.length;
    };
    socket.on('data', (data) => (answer += String(data)));
    socket.on('drain', write);
    socket.on('error', () => {});
    socket.on('close', () => resolve({ answer, sentBytes }));
    socket.write(`POST ${webhookPath('shop')} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`);
    write();
  });
}

/** What comes back for bytes that are no whole request, until the connection ends. */
function raw(socketPath: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    let answer = '';
    socket.on('data', (data) => (answer += String(data)));
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}

test('slow bodies, slow and huge headers and garbage end by themselves', async (t) => {
  const { socketPath, post, pushes } = await start(t, { requestTimeoutMs: 300 });
  const path = webhookPath('shop');
  assert.match(await raw(socketPath, `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf of it`), /^HTTP\/1\.1 408 |^$/);
  assert.match(await raw(socketPath, `POST ${path} HTTP/1.1\r\nHost: x\r\nX-Slow`), /^HTTP\/1\.1 408 /);
  assert.match(await raw(socketPath, `POST ${path} HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
  assert.match(await raw(socketPath, '\x16\x03\x01\x02\0 garbage\r\n\r\n'), /^HTTP\/1\.1 400 /);
  assert.match(await raw(socketPath, `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`), /^HTTP\/1\.1 400 /);
  assert.equal((await post(github())).status, 202, 'it still serves');
  assert.equal(pushes.length, 1);
});

test('a socket that a dead daemon left is taken over, and everybody may connect', async (t) => {
  const socketPath = join(await temporaryFolder(t), 'webhook.sock');
  await writeFile(socketPath, '');
  const options = { socketPath, clock: heldClock(), replayStore: createReplayStore(), hooks: () => undefined, onPush: () => {} };
  const first = await createWebhookServer(options);
  assert.equal((await stat(socketPath)).mode & 0o777, 0o666);
  await first.close();
  const second = await createWebhookServer(options);
  await second.close();
});

test('a failure of ours is answered and the server lives on', async (t) => {
  let fails = true;
  const { post } = await start(t, { onPush: () => { if (fails) throw new Error('no'); } });
  assert.equal((await post(github())).status, 500);
  fails = false;
  assert.equal((await post(gitlab())).status, 202);
});

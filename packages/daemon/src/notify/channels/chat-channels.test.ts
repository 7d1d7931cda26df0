import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createChannelWorld } from '../test-bed/channel-world.ts';
import { startRecordingHost, type Reply } from '../test-bed/recording-host.ts';

const tests = [{ suite: 'cart', name: 'adds <b>', message: '' }, { suite: '', name: 'removes', message: '' }];
const hostile = 'Fix `cart` @channel <!here> *x* \u001b[2J\u202e & [y](http://evil.example)';

async function told(t: TestContext, kind: string, options: { language?: string; reply?: Reply; extra?: object; secret?: (url: string) => string } = {}) {
  const host = await startRecordingHost(options.reply ?? { status: 200, body: 'ok' });
  t.after(() => host.close());
  const world = createChannelWorld({ team: { kind, secret: 'TOKEN', ...(kind === 'telegram' ? { chat: -1001234567890, api: `${host.url}/` } : {}), language: options.language ?? 'en', ...options.extra } });
  t.after(() => world.close());
  world.apply();
  world.secret('TOKEN', options.secret?.(host.url) ?? '123456:AA-token_x');
  const outbox = world.start();
  return { host, world, outbox };
}

test('Telegram gets a message as the Bot API defines it', async (t) => {
  const { host, world } = await told(t, 'telegram', { reply: { status: 200, body: '{"ok":true,"result":{"message_id":7}}' }, extra: { thread: 5 } });
  world.failed({ message: hostile, tests, output: 'a & b\r\n\u001b[31mred <tag>\u001b[0m\nprogress 1%\rprogress 100%\n\nlast\n' });
  const [{ method, path, headers, json }] = (await host.gets(1)) as [typeof host.received[number]];
  assert.deepEqual([method, path, headers['content-type']], ['POST', '/bot123456:AA-token_x/sendMessage', 'application/json; charset=utf-8']);
  assert.deepEqual({ ...json, text: '' }, { chat_id: '-1001234567890', message_thread_id: 5, text: '', parse_mode: 'HTML', link_preview_options: { is_disabled: true } });
  assert.equal(json.text, [
    '❌ <b>shop: main failed</b>',
    '1a2b3c4d Fix `cart` @\u200bchannel &lt;!here&gt; *x* &amp; [y](http://evil.example) — Anna',
    'Failed step: test', 'Failed tests:', '• cart › adds &lt;b&gt;', '• removes', 'Log: redcontrol run logs 1',
    '<pre>a &amp; b\nred &lt;tag&gt;\nprogress 100%\nlast</pre>',
    '<a href="https://github.com/acme/shop/commit/1a2b3c4d5e6f7890aaaabbbbccccddddeeeeffff">1a2b3c4d</a>',
  ].join('\n'));
});

test('the longest message stays below Telegram\'s limit of 4096 characters', async (t) => {
  const { host, world } = await told(t, 'telegram');
  const long = 'x'.repeat(5000);
  world.failed({ message: long, tests: Array.from({ length: 40 }, (_, index) => ({ suite: `s${index}`, name: long, message: long })), output: Array.from({ length: 50 }, () => long).join('\n'), error: long });
  const [{ json }] = (await host.gets(1)) as [typeof host.received[number]];
  const length = String(json.text).replace(/<[^>]+>/g, '').length;
  assert.ok(length <= 4096, `${length} characters`);
  assert.match(String(json.text), /… and more/);
});

test('Telegram\'s own words and wait are told', async (t) => {
  const { world, outbox } = await told(t, 'telegram', { reply: { status: 429, body: '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 31","parameters":{"retry_after":31}}' } });
  assert.deepEqual({ ...(await outbox.test('shop', 'team', new AbortController().signal)), milliseconds: 0 }, { delivered: false, answer: '429 Too Many Requests: retry after 31', milliseconds: 0 });
  world.failed();
  const { nextAt } = await nextTry(world);
  assert.ok(nextAt - Date.now() > 29_000, `${nextAt - Date.now()} ms`);
});

test('Slack gets mrkdwn in which nobody is called and nothing is formatted by a commit', async (t) => {
  const { host, world } = await told(t, 'slack', { secret: (url) => `${url}/services/T0/B0/secret` });
  world.failed({ message: hostile, tests, output: 'x ``` <y>\n' });
  const [{ path, json }] = (await host.gets(1)) as [typeof host.received[number]];
  assert.equal(path, '/services/T0/B0/secret');
  assert.deepEqual(Object.keys(json), ['text']);
  assert.equal(json.text, [
    ':x: *shop: main failed*',
    '1a2b3c4d Fix \u200b`cart\u200b` @\u200bchannel &lt;!here&gt; \u200b*x\u200b* &amp; [y](http://evil.example) — Anna',
    'Failed step: test', 'Failed tests:', '• cart › adds &lt;b&gt;', '• removes', 'Log: redcontrol run logs 1', '```', 'x `\u200b`` &lt;y&gt;', '```',
    '<https://github.com/acme/shop/commit/1a2b3c4d5e6f7890aaaabbbbccccddddeeeeffff|1a2b3c4d>',
  ].join('\n'));
});

test('Mattermost gets Markdown in which the signs of others are text', async (t) => {
  const { host, world } = await told(t, 'mattermost', { secret: (url) => `${url}/hooks/xyz`, language: 'ru' });
  world.failed({ message: hostile, output: '# not a title\n' });
  const [{ path, json }] = (await host.gets(1)) as [typeof host.received[number]];
  assert.equal(path, '/hooks/xyz');
  assert.equal(json.text, [
    ':x: **shop\\: main — ошибка**',
    '1a2b3c4d Fix \\`cart\\` @\u200bchannel \\<\\!here\\> \\*x\\* & \\[y\\]\\(http\\://evil.example\\) — Anna',
    'Ошибка на шаге\\: test', 'Expected test to pass', 'Журнал\\: redcontrol run logs 1', '```', '# not a title', '```',
    '[1a2b3c4d](https://github.com/acme/shop/commit/1a2b3c4d5e6f7890aaaabbbbccccddddeeeeffff)',
  ].join('\n'));
});

test('a release that went live is told with where it is', async (t) => {
  const { host, world } = await told(t, 'slack', { secret: (url) => url });
  world.tell('release.live', world.run(), { environment: 'production', data: { release: 7 } });
  world.tell('release.rolled-back', world.run(), { environment: 'production', data: { release: 8 } });
  const [live, back] = await host.gets(2);
  assert.match(String(live!.json.text), /^:white_check_mark: \*shop: release #7 is live on production\*\n1a2b3c4d Fix the cart — Anna\n<http:\/\/shop\.example\.com\|production>/);
  assert.match(String(back!.json.text), /^\*shop: production was rolled back, release #8\*/);
});

test('a job that failed is told with its last lines, a backup with what the daemon says', async (t) => {
  const { host, world } = await told(t, 'slack', { secret: (url) => url });
  world.tell('job.failed', undefined, { environment: 'test', text: 'job clean of test failed: exit code 1', data: { job: 'clean', lastLines: 'one\n\u001b[31mtwo\u001b[0m\n' } });
  world.tell('backup.unprovable', undefined, { environment: 'production', text: 'backup 3 of production could not be restored: no space' });
  const [job, backup] = await host.gets(2);
  assert.equal(job!.json.text, ':x: *shop: job clean of test failed*\njob clean of test failed: exit code 1\n```\none\ntwo\n```');
  assert.equal(backup!.json.text, ':x: *shop: the backup of production failed*\nbackup 3 of production could not be restored: no space');
});

for (const [kind, answer] of [['telegram', '401 Unauthorized'], ['slack', '404 no_service'], ['mattermost', '400 Invalid webhook']] as const) {
  test(`a test message over ${kind} shows the other side's answer`, async (t) => {
    const reply = kind === 'telegram' ? { status: 401, body: '{"ok":false,"error_code":401,"description":"Unauthorized"}' } : { status: Number(answer.slice(0, 3)), body: answer.slice(4) };
    const { host, outbox } = await told(t, kind, { reply: { status: 200, body: kind === 'telegram' ? '{"ok":true,"result":{"message_id":7}}' : 'ok' }, ...(kind === 'telegram' ? {} : { secret: (url: string) => url }) });
    const signal = new AbortController().signal;
    const good = await outbox.test('shop', 'team', signal);
    assert.deepEqual([good.delivered, good.answer], [true, kind === 'telegram' ? '200 message 7' : '200 ok']);
    assert.match(String(host.received[0]!.json.text), /a test of the channel team/);
    host.replyNext(reply);
    assert.deepEqual({ ...(await outbox.test('shop', 'team', signal)), milliseconds: 0 }, { delivered: false, answer, milliseconds: 0 });
    await assert.rejects(outbox.test('shop', 'other', signal), { code: 'NOT_FOUND', hint: /It has team/ });
  });
}

async function nextTry(world: ReturnType<typeof createChannelWorld>): Promise<{ nextAt: number }> {
  for (;;) {
    const row = world.store.sql('SELECT next_at AS nextAt FROM channels WHERE next_at IS NOT NULL').get() as { nextAt: number } | undefined;
    if (row) return row;
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

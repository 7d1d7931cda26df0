import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createChannelWorld } from '../test-bed/channel-world.ts';
import { startMailHost } from '../test-bed/mail-host.ts';

async function mailed(t: TestContext, options: { secure?: boolean; trusted?: boolean; channel?: object } = {}) {
  const host = await startMailHost(options);
  t.after(() => host.close());
  const world = createChannelWorld({
    mail: { kind: 'email', host: 'localhost', port: host.port, user: 'shop', secret: 'PASSWORD', from: 'shop@example.com', to: ['anna@example.com', 'team@example.com'], ...(options.secure ? { security: 'tls' } : {}), ...options.channel },
  });
  t.after(() => world.close());
  world.apply();
  world.secret('PASSWORD', 'the-password');
  const outbox = world.start();
  return { host, world, test: () => outbox.test('shop', 'mail', new AbortController().signal) };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !condition(); tries += 1) await sleep(20);
  assert.equal(condition(), true);
}

for (const secure of [false, true]) {
  test(`a failure goes to all by ${secure ? 'TLS' : 'STARTTLS'}, logged in, in Russian`, async (t) => {
    const { host, world } = await mailed(t, { secure, channel: { language: 'ru' } });
    world.failed({ message: 'Исправить корзину', tests: [{ suite: '', name: 'складывает', message: '' }] });
    await until(() => host.mails.length === 1);
    const [mail] = host.mails;
    assert.deepEqual([mail!.from, mail!.to, mail!.secure, mail!.user], ['shop@example.com', ['anna@example.com', 'team@example.com'], true, 'shop']);
    assert.match(mail!.headers.get('subject') ?? '', /^=\?UTF-8\?/);
    assert.deepEqual([mail!.headers.get('auto-submitted'), mail!.headers.get('to')], ['auto-generated', 'anna@example.com, team@example.com']);
    assert.match(mail!.headers.get('message-id') ?? '', /^<[0-9a-f]{32}@example\.com>$/);
    assert.match(mail!.text, /^1a2b3c4d Исправить корзину — Anna\r?\nОшибка на шаге: test\r?\nНе прошли тесты:\r?\n• складывает\r?\nЖурнал: redcontrol run logs 1\r?\n\r?\n1 of 2 failed\r?\n\r?\n1a2b3c4d: https:\/\/github\.com\/acme\/shop\/commit\//);
  });
}

test('a mail that is put off (451) comes later with the same Message-ID; one that is refused (554) does not', async (t) => {
  const { host, world } = await mailed(t);
  host.refuseNext({ at: 'recipient', code: 451, text: 'greylisted' }, { at: 'recipient', code: 451, text: 'greylisted' }, { at: 'data', code: 451, text: 'try later' });
  world.failed();
  await until(() => host.mails.length === 1);
  host.refuseNext({ at: 'data', code: 554, text: 'no such thing' });
  world.failed();
  await until(() => (world.store.sql('SELECT lost FROM channels').get() as { lost: number } | undefined)?.lost === 1);
  world.failed();
  await until(() => host.mails.length === 2);
  assert.equal(new Set(host.mails.map(({ headers }) => headers.get('message-id'))).size, 2);
});

test('commit texts add no headers', async (t) => {
  const { host, world } = await mailed(t);
  world.tell('run.failed', world.run({ ref: 'x\r\nBcc: evil@example.com', message: 'y\r\nBcc: evil@example.com' }));
  await until(() => host.mails.length === 1);
  assert.deepEqual([host.mails[0]!.headers.has('bcc'), host.mails[0]!.to.length], [false, 2]);
});

test('a test mail shows the other side\'s answer, and a refused login or certificate', async (t) => {
  const { host, world, test: send } = await mailed(t);
  const good = await send();
  assert.deepEqual([good.delivered, good.answer], [true, '250 queued as 42']);
  host.refuseNext({ at: 'recipient', code: 550, text: 'no such user' });
  const some = await send();
  assert.deepEqual([some.delivered, some.answer], [true, '250 queued as 42; not taken for anna@example.com']);
  world.secret('PASSWORD', 'wrong-one');
  assert.deepEqual({ ...(await send()), milliseconds: 0 }, { delivered: false, answer: '535 Invalid login', milliseconds: 0 });
});

test('a server whose certificate is not trusted gets neither password nor mail', async (t) => {
  const { host, test: send } = await mailed(t, { trusted: false });
  const { delivered, answer } = await send();
  assert.equal(delivered, false);
  assert.match(answer, /self.signed certificate/);
  assert.equal(host.mails.length, 0);
});

test('nothing listens: the answer says so', async (t) => {
  const { test: send } = await mailed(t, { channel: { port: 9 } });
  assert.match((await send()).answer, /ECONNREFUSED/);
});

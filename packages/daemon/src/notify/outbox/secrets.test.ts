import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { getProject } from '../../store/index.ts';
import { channelStates } from '../channel-states.ts';
import { createChannelWorld } from '../test-bed/channel-world.ts';
import { startMailHost } from '../test-bed/mail-host.ts';
import { startRecordingHost } from '../test-bed/recording-host.ts';

const secrets = { production: 'production-secret-1', test: 'test-secret-2', '@channels': '777:channel-token-3' } as const;

test('no secret of any environment or channel reaches a channel, in whatever text it stands', async (t) => {
  const host = await startRecordingHost();
  const mail = await startMailHost();
  t.after(() => Promise.all([host.close(), mail.close()]));
  const url = host.url;
  const world = createChannelWorld({
    telegram: { kind: 'telegram', chat: 1, api: url, secret: 'TOKEN' }, slack: { kind: 'slack', secret: 'URL' }, mattermost: { kind: 'mattermost', secret: 'URL' },
    webhook: { kind: 'webhook', url, secret: 'TOKEN' }, mail: { kind: 'email', host: 'localhost', port: mail.port, from: 'a@example.com', to: ['b@example.com'] },
    github: { kind: 'github', api: url, secret: 'TOKEN' }, gitlab: { kind: 'gitlab', api: url, secret: 'TOKEN' }, gitea: { kind: 'gitea', api: url, secret: 'TOKEN' },
  });
  t.after(() => world.close());
  world.apply();
  world.secret('URL', `${url}/hook`);
  world.secret('TOKEN', secrets['@channels']);
  for (const environment of ['production', 'test'] as const) world.secret('KEY', secrets[environment], environment);
  world.start();
  const all = Object.values(secrets).flatMap((secret) => [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]).join(' ');
  world.failed({ message: `Leak ${all}`, output: `${all}\n`, error: `Expected ${all}`, tests: [{ suite: all, name: all, message: all }] });
  await host.gets(7);
  while (mail.mails.length === 0) await sleep(20);
  const texts = [...host.received.map(({ text }) => text), mail.mails[0]!.text, JSON.stringify([...mail.mails[0]!.headers])];
  assert.equal(texts.length, 9);
  for (const text of texts) {
    for (const secret of all.split(' ')) assert.equal(text.includes(secret), false, `${secret} in ${text}`);
  }
  assert.match(texts.join('\n'), /Leak \*\*\*/);
});

test('a side that repeats the token in its answer does not make us show it', async (t) => {
  const host = await startRecordingHost({ status: 404, body: `no bot ${secrets['@channels']}` });
  t.after(() => host.close());
  const world = createChannelWorld({ team: { kind: 'telegram', chat: 1, api: host.url, secret: 'TOKEN' } });
  t.after(() => world.close());
  world.apply();
  world.secret('TOKEN', secrets['@channels']);
  const outbox = world.start();
  assert.equal((await outbox.test('shop', 'team', new AbortController().signal)).answer, '404 no bot ***');
  world.failed();
  const state = () => channelStates(world.store, getProject(world.store, 'shop')!)[0]!;
  while (state().error === null) await sleep(20);
  assert.equal(state().error, '404 no bot ***');
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { channelSecretPlace } from '@redcontrol/contract';
import { stringify } from 'yaml';
import { startRecordingHost, type RecordingHost } from '../../packages/daemon/src/notify/test-bed/recording-host.ts';
import type { TestRepository } from '../world/repository.ts';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';

const appSecret = 'the-secret-of-the-app';
let world: World;
let origin: TestRepository;
let chat: RecordingHost;
let gitHost: RecordingHost;

before(async () => {
  [world, chat, gitHost] = await Promise.all([createWorld({ REDCONTROL_WARM_COUNT: '0' }), startRecordingHost(), startRecordingHost({ status: 201, body: '{"state":"ok"}' })]);
  origin = await world.repository('shop', sampleApp('v1'));
  await world.call('project.apply', { config: config(await world.freePort()) });
});
after(async () => {
  await world?.close();
  await Promise.all([chat?.close(), gitHost?.close()]);
});

function config(port: number): string {
  return stringify({
    project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' },
    pipeline: [{ name: 'test', run: 'echo "leak: $APP_SECRET"; npm test', secrets: ['APP_SECRET'] }],
    environments: { production: { deploy: { branch: 'main' }, port, drain: '1s', watch: '1s', secrets: ['APP_SECRET'] } },
    channels: {
      chat: { kind: 'slack', secret: 'CHAT_URL' },
      commits: { kind: 'gitea', api: `${gitHost.url}/api/v1`, repository: 'acme/shop', secret: 'TOKEN' },
    },
  });
}

const channels = async () => (await world.call('project.show', { project: 'shop' })).channels ?? [];
const chatTexts = () => chat.received.map(({ json }) => String(json.text));
const statesOf = (commit: string) => gitHost.received.filter(({ path }) => path.endsWith(commit)).map(({ json }) => json.state);

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await condition()) return;
    await delay(100);
  }
  assert.fail(`what was waited for did not come: ${JSON.stringify([await channels(), chatTexts(), gitHost.received.map(({ json }) => json.state)])}`);
}

test('without their secrets channels say so, and a run is not kept from its verdict', async () => {
  const secret = { project: 'shop', environment: 'production', name: 'APP_SECRET', value: appSecret };
  await world.call('secret.set', secret);
  await world.verdict('shop', await origin.git('rev-parse', 'HEAD'));
  assert.deepEqual((await channels()).map(({ name, state, target }) => [name, state, target]), [['chat', 'no-secret', 'incoming webhook'], ['commits', 'no-secret', 'acme/shop']]);
  await world.call('secret.set', { ...secret, environment: channelSecretPlace, name: 'CHAT_URL', value: `${chat.url}/services/secret-path` });
  await world.call('secret.set', { ...secret, environment: channelSecretPlace, name: 'TOKEN', value: 'token-of-the-host' });
  await until(async () => (await channels()).every(({ state }) => state === 'ok'));
});

test('a run that passes is told where it is live, and its commit gets its states', async () => {
  const commit = await origin.push(setVersion('v2'));
  const run = await world.verdict('shop', commit);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  await until(() => statesOf(commit).at(-1) === 'success' && chatTexts().some((text) => text.includes(commit.slice(0, 8))));
  assert.deepEqual([...new Set(statesOf(commit))], ['pending', 'success']);
  assert.match(chatTexts().find((text) => text.includes(commit.slice(0, 8)))!, /release #\d is live on production\*[^]*<http:\/\/127\.0\.0\.1:\d+\|production>/);
  assert.equal((await world.call('channel.test', { project: 'shop', channel: 'chat' })).answer, '200 ok');
});

test('a failure is told with step, tests and last lines, and without the secret that the app printed', async () => {
  const commit = await origin.push(setVersion('broken'));
  const run = await world.verdict('shop', commit);
  assert.equal(run.status, 'failed');
  await until(() => statesOf(commit).at(-1) === 'failure' && chatTexts().at(-1)!.includes('failed'));
  const text = chatTexts().at(-1)!;
  assert.match(text, /shop: main failed\*[^]*Failed step: test\nFailed tests:\n• .*there is a version\nLog: redcontrol run logs \d+\n```\n/);
  assert.equal(gitHost.received.at(-1)!.json.description, 'Failed: test');
  const all = [...chat.received, ...gitHost.received].map((one) => one.text).join('\n');
  for (const secret of [appSecret, 'secret-path', 'token-of-the-host']) assert.equal(all.includes(secret), false, secret);
});

test('what a killed daemon had not told is told after its start, each once', async () => {
  const told = chat.received.length;
  chat.replyNext({ status: 503 }, { status: 503 });
  const commit = await origin.push(setVersion('v3'));
  await world.verdict('shop', commit);
  await until(async () => (await channels()).some(({ name, state, waiting }) => name === 'chat' && state === 'failing' && waiting === 2));
  await world.kill('SIGKILL');
  await world.start();
  await until(async () => (await channels()).every(({ state }) => state === 'ok'));
  const since = chat.received.slice(told).map(({ json }) => String(json.text).split('\n')[0]!);
  assert.equal(since.length, 4, since.join('\n'));
  assert.equal(new Set(since).size, 2);
  assert.match(since.at(-2)! + since.at(-1)!, /live on production.*passes again/);
});

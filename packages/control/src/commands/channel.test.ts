import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import type { ChannelState } from '@redcontrol/contract';
import { startTestDaemon, type TestMethods } from '@redcontrol/client/test-daemon';
import { runTestCli } from '../cli/test-cli.ts';
import { projectState, testNow } from './test-records.ts';

const configText = `project: shop
repository: git@git.example.com:acme/shop.git
servers:
  main: { host: 203.0.113.10 }
environments:
  production:
    deploy: { branch: main }
channels:
  team: { kind: telegram, chat: "-100", secret: TEAM_TOKEN }
  mail: { kind: email, host: smtp.example.com, from: a@example.com, to: [b@example.com] }
`;
const team: ChannelState = { name: 'team', kind: 'telegram', target: '-100', secret: 'TEAM_TOKEN', state: 'ok', error: null, waiting: 0, lost: 0, sentAt: testNow - 60_000, nextTryAt: null };
const mail: ChannelState = { ...team, name: 'mail', kind: 'email', target: 'b@example.com', secret: null, state: 'failing', error: '554 no\u001b[2Jsuch', waiting: 2, lost: 1, sentAt: null };

let folder = '';
let count = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-channel-'));
  await writeFile(join(folder, 'redcontrol.yml'), configText);
});
after(() => rm(folder, { recursive: true }));

async function shop(t: TestContext, answers: TestMethods = {}) {
  const socket = join(folder, `${(count += 1)}.sock`);
  const daemon = await startTestDaemon(socket, { 'project.show': () => projectState({ channels: [team, mail] }), ...answers });
  t.after(() => daemon.close());
  const run = (args: string[], input?: string) => runTestCli(['--socket', socket, '-c', 'redcontrol.yml', ...args], { folder, now: testNow, ...(input === undefined ? {} : { input }) });
  return { run, callsOf: (method: string) => daemon.calls.filter((call) => call.method === method).map(({ params }) => params) };
}

test('channels are listed with where they go and what is wrong', async (t) => {
  const { run } = await shop(t);
  const { stdout, stderr } = await run(['channel', 'list']);
  assert.equal(stdout, `CHANNEL  KIND      TO             STATE                  WAITING  LAST SENT
team     telegram  -100           ✓ ok                   –        1m ago
mail     email     b@example.com  ✗ failing, 1 given up  2        –
`);
  assert.match(stderr, /! mail: 554 nosuch/);
  assert.deepEqual((JSON.parse((await run(['channel', 'list', '--json'])).stdout) as { server: string; state: string }[]).map(({ server, state }) => [server, state]), [['main', 'ok'], ['main', 'failing']]);
});

test('a test message shows the answer; one that did not arrive ends with 7', async (t) => {
  const { run, callsOf } = await shop(t, { 'channel.test': ({ channel }) => (channel === 'team' ? { delivered: true, answer: '200 message 7', milliseconds: 12 } : { delivered: false, answer: '535 Invalid login', milliseconds: 30 }) });
  const one = await run(['channel', 'test', 'team']);
  assert.deepEqual([one.code, one.stdout], [0, '✓ team: 200 message 7 (12 ms)\n']);
  const all = await run(['channel', 'test']);
  assert.equal(all.code, 7);
  assert.equal(all.stdout, '✓ team: 200 message 7 (12 ms)\n✗ mail: 535 Invalid login (30 ms)\n');
  assert.match(all.stderr, /error CHANNEL_FAILED: Expected the channel mail to take the test message, got: 535 Invalid login\nhint: /);
  assert.deepEqual(callsOf('channel.test').map((params) => (params as { channel: string }).channel), ['team', 'team', 'mail']);
  const json = JSON.parse((await run(['channel', 'test', '--json'])).stdout) as { channel: string; delivered: boolean }[];
  assert.deepEqual(json.map(({ channel, delivered }) => [channel, delivered]), [['team', true], ['mail', false]]);
});

test('secrets of channels are set, listed and removed apart from those of environments', async (t) => {
  const { run, callsOf } = await shop(t, { 'secret.set': () => ({}), 'secret.remove': () => ({}), 'secret.list': () => [] });
  assert.equal((await run(['secret', 'set', 'TEAM_TOKEN', '--channels'], '123:AA')).code, 0);
  assert.deepEqual(callsOf('secret.set'), [{ project: 'shop', environment: '@channels', name: 'TEAM_TOKEN', value: '123:AA' }]);
  assert.match((await run(['secret', 'list'])).stdout, /\(channels\) {3}TEAM_TOKEN {2}✗ missing/);
  assert.equal((await run(['secret', 'remove', 'TEAM_TOKEN', '--channels'])).code, 0);
  assert.equal((await run(['secret', 'set', 'X', '--channels', '-e', 'production'], 'x')).code, 2);
});

test('status and doctor tell of a channel that fails, and of a secret that is missing', async (t) => {
  const { run } = await shop(t, {
    'project.list': () => [projectState({ channels: [team, mail] })], 'secret.list': () => [],
    'server.state': () => ({ hostname: 'a', os: 'Debian', daemonVersion: '1', contractVersion: 1, engineVersion: '20', cpus: 2, loadAverage: 0, memoryTotalBytes: 100, memoryFreeBytes: 50, diskTotalBytes: 100, diskFreeBytes: 50, daemonResidentBytes: 1, startedAt: 1, imageSource: 'debian' }),
  });
  assert.match((await run(['status'])).stderr, /! channel mail: ✗ failing, 1 given up: 554 nosuch/);
  const { stdout } = await run(['doctor']);
  assert.match(stdout, /✓ channel team: telegram: messages get through/);
  assert.match(stdout, /✗ channel mail: Expected email to take messages, got: 554 nosuch; 2 wait, 1 given up\n {2}hint: Put right what it says, then try it: redcontrol channel test mail/);
  assert.match(stdout, /✗ channels: Expected the secret TEAM_TOKEN to be set, it is not\n {2}hint: redcontrol secret set TEAM_TOKEN --channels/);
});

test('names of channels and their secrets are completed', async () => {
  const words = async (...typed: string[]) => (await runTestCli(['complete', '--', ...typed], { folder })).stdout.split('\n').map((line) => line.split('\t')[0]);
  assert.deepEqual(await words('channel', 'test', ''), ['team', 'mail', '']);
  assert.deepEqual(await words('secret', 'set', 'T'), ['TEAM_TOKEN', '']);
});

test('check tells a wrong channel with its place', async () => {
  const file = join(folder, 'wrong.yml');
  await writeFile(file, `${configText}  chat: { kind: slak, secret: X }\n  hook: { kind: webhook, url: https://hooks.example.com/, secret: "token 123" }\n`);
  const { code, stderr } = await runTestCli(['-c', 'wrong.yml', 'check'], { folder });
  assert.equal(code, 2);
  assert.match(stderr, /wrong\.yml:11:17[^\n]*Expected one of telegram, slack, [^\n]*got "slak"/);
  assert.match(stderr, /Did you mean "slack"/);
  assert.match(stderr, /wrong\.yml:12:67[^\n]*Expected the name of a secret, not its value/);
});

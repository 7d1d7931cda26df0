import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { startTestSshd, type TestSshd } from '@redcontrol/client/test-sshd';
import { runOrThrow } from '@redcontrol/system';
import { addEvent, openStore } from '../../daemon/src/store/index.ts';
import { sampleApp, setVersion } from '../../../test/world/sample-app.ts';
import type { TestRepository } from '../../../test/world/repository.ts';
import { createWorld, type World } from '../../../test/world/world.ts';
import { redwatchOf, type Redwatch } from './redwatch-of-test.ts';
import { noSessionBus, startDesktop, type TestDesktop } from './session-bus-of-test.ts';

let world: World;
let sshd: TestSshd;
let origin: TestRepository;
let redwatch: Redwatch;
let home: string;
let address: string;
let desktop: TestDesktop | undefined;
let port: number;

before(async () => {
  world = await createWorld();
  sshd = await startTestSshd(join(world.directory, 'sshd'));
  origin = await world.repository('shop', sampleApp('v1'));
  home = join(world.directory, 'home');
  await mkdir(home, { recursive: true });
  redwatch = redwatchOf({ home, folder: origin.workDirectory });
  address = `${userInfo().username}@127.0.0.1:${sshd.target.port}`;
  if (!noSessionBus) desktop = await startDesktop();
});
after(async () => {
  await desktop?.stop();
  await sshd?.stop();
  await world?.close();
});

function config(poll: string): string {
  return stringify({
    project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll },
    environments: { production: { deploy: { branch: 'main' }, port, drain: '2s', watch: '1s' } },
  });
}

const sshConfig = () => ['--ssh-config', sshd.target.configFile!];

test('a key without access gets the line to send to an admin', async () => {
  const key = await sshd.addKey('stranger', ['/bin/false']);
  // Known to sshd under another name only: the file that lets keys in has no such key.
  await rm(join(world.directory, 'sshd', 'authorized_keys'));
  const { exitCode, stdout, stderr } = await redwatch.run('connect', address, ...sshConfig(), '--identity', key, '--accept-host-key', sshd.fingerprint);
  assert.equal(exitCode, 5, stderr);
  const publicKey = (await readFile(`${key}.pub`, 'utf8')).trim();
  assert.ok(stdout.startsWith(`echo '${publicKey}' | redcontrol people add `), stdout);
  assert.match(stderr, /error SSH_DENIED/);
});

test('with access it connects, and knows the project of the folder by its remote', async () => {
  const connectScript = join(import.meta.dirname, '../../client/src/test-connect.mjs');
  const key = await sshd.addKey('own', [process.execPath, connectScript, join(world.directory, 'run', 'daemon.sock'), 'local']);
  const { exitCode, stderr } = await redwatch.run('connect', address, ...sshConfig(), '--identity', key, '--name', 'main');
  assert.equal(exitCode, 0, stderr);
  port = await world.freePort();
  await world.call('project.apply', { config: config('1s') });
  const waited = await redwatch.run('wait');
  assert.equal(waited.exitCode, 0, waited.stderr);
  assert.match(waited.stdout, /✓ passed main [0-9a-f]{7} First version/);
  const { projects } = JSON.parse((await redwatch.run('--json', 'status')).stdout);
  assert.equal(projects[0].project.environments[0].live.number, 1);
  assert.match((await redwatch.run('status')).stdout, /● production: release #1 .* by Anna Test/);
  assert.match((await redwatch.run('deployments')).stdout, /#1 live [0-9a-f]{7} First version/);
  assert.match((await redwatch.run('log')).stdout, /there is a version/);
});

test('a push that fails is told with its step and its tests, and its verdict is the exit code', { skip: noSessionBus }, async () => {
  const background = redwatch.start({ DBUS_SESSION_BUS_ADDRESS: desktop!.address }, 'run');
  try {
    await said(background.output, /main: connected/);
    const commit = await origin.push(setVersion('broken'), { message: 'Break it' });
    const waited = await redwatch.run('wait', commit.slice(0, 10));
    assert.equal(waited.exitCode, 7, waited.stderr);
    assert.match(waited.stderr, /error STEP_FAILED/);
    const { title, body, urgency, actions } = await desktop!.seen((one) => one.title === 'shop: main failed');
    assert.match(body, /^Break it — Anna Test\nStep test\n1 test failed:\n• there is a version\n/);
    assert.deepEqual([title, urgency, actions], ['shop: main failed', 2, ['log', 'Log', 'open', 'Open', 'retry', 'Retry']]);
    await origin.push(setVersion('v2'), { message: 'Repair it' });
    await desktop!.seen((one) => one.title === 'shop: main passes again');
    assert.equal((await redwatch.run('wait')).exitCode, 0);
    assert.equal(desktop!.shown.filter((one) => one.title === 'shop: main failed').length, 1);
  } finally {
    await background.kill('SIGTERM');
  }
});

test('a thousand events of while the server and redwatch were down are told once, summed up', { skip: noSessionBus }, async () => {
  const before = desktop!.shown.length;
  const background = redwatch.start({ DBUS_SESSION_BUS_ADDRESS: desktop!.address }, 'run');
  try {
    await said(background.output, /main: connected/);
    await world.kill('SIGKILL');
    await said(background.output, /main: connection lost/);
    const store = openStore(join(world.directory, 'data', 'state.db'));
    store.transaction(() => {
      for (let run = 1; run <= 1_000; run += 1) addEvent(store, { at: Date.now(), kind: run % 10 === 0 ? 'run.failed' : 'run.succeeded', project: 'shop', environment: null, runId: 10_000 + run, text: '', data: { ref: 'main' } });
    });
    store.close();
    await world.start();
    await world.client();
    const summary = await desktop!.seen((one) => one.title === 'Meanwhile: 1,000 events');
    assert.match(summary.body, /^900 passed, 100 failed\n/);
    const { last } = await (await world.client()).call('events.follow', {});
    await said(() => readFileSync(join(home, '.local/state/redwatch/cursors.json'), 'utf8'), new RegExp(`"seq":${last},`));
  } finally {
    await background.kill('SIGKILL');
  }
  const again = redwatch.start({ DBUS_SESSION_BUS_ADDRESS: desktop!.address }, 'run');
  await said(again.output, /main: connected/);
  await origin.push(setVersion('v3'), { message: 'Go on' });
  await desktop!.seen((one) => one.body.startsWith('Go on'));
  await again.kill('SIGTERM');
  const after = desktop!.shown.slice(before).filter((one) => !one.body.startsWith('Go on'));
  assert.deepEqual(after.map((one) => one.title), ['Meanwhile: 1,000 events']);
});

test('without a notification service it says so, and prints', async () => {
  const background = redwatch.start({}, 'run');
  try {
    await said(background.output, /No desktop notifications here .* printed instead/);
    await said(background.output, /main: connected/);
    await origin.push(setVersion('v4'), { message: 'Print it' });
    await said(background.output, /shop: live on production\n {2}Print it/);
  } finally {
    await background.kill('SIGTERM');
  }
});

test('the prompt knows the newest run of the branch without asking a server', async () => {
  const { stdout, exitCode } = await redwatch.run('prompt');
  assert.deepEqual([exitCode, /^(✓ shop passed|▶ shop \w+)\n$/.test(stdout)], [0, true], stdout);
});

test('cctray.xml and a badge are served on loopback', async () => {
  const server = redwatch.start({}, 'serve', '--port', '0');
  try {
    await said(server.output, /^http:.*\n/);
    const url = server.output().trim();
    assert.match(await (await fetch(url)).text(), /<Project name="shop :: main" activity="(Sleeping|Building)" lastBuildStatus="Success"/);
    assert.match(await (await fetch(new URL('/badge/shop.svg', url))).text(), /aria-label="shop: (passing|running)"/);
  } finally {
    await server.kill('SIGTERM');
  }
});

test('with the hook a push starts its run at once, though the server looks once a day only', async () => {
  await world.call('project.apply', { config: config('1d') });
  const installed = await redwatch.run('hook', 'install');
  assert.equal(installed.exitCode, 0, installed.stderr);
  await origin.git('commit', '--quiet', '--allow-empty', '--message', 'By the hook');
  await runOrThrow('git', ['-C', origin.workDirectory, 'push', '--quiet', 'origin', 'main'], { variables: { HOME: home, XDG_CONFIG_HOME: '' } });
  const run = await world.verdict('shop', await origin.git('rev-parse', 'HEAD'));
  assert.deepEqual([run.status, run.message], ['succeeded', 'By the hook']);
  assert.equal((await redwatch.run('hook', 'remove')).exitCode, 0);
});

test('what is not there and who is not let in any more get one clear line', async () => {
  const missing = await redwatch.run('--project', 'nothing', 'log');
  assert.deepEqual([missing.exitCode, missing.stderr.split('\n')[0]], [3, 'error NOT_FOUND: Expected the project nothing on main, it is not there for you']);
  await rm(join(world.directory, 'sshd', 'authorized_keys'));
  const revoked = await redwatch.run('status');
  assert.deepEqual([revoked.exitCode, /error SSH_DENIED/.test(revoked.stderr)], [5, true], revoked.stderr);
  await sshd.changeHostKey();
  const changed = await redwatch.run('status');
  assert.deepEqual([changed.exitCode, /error SSH_HOST_KEY/.test(changed.stderr)], [5, true], changed.stderr);
});

async function said(output: () => string, pattern: RegExp): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (pattern.test(output())) return;
    await delay(100);
  }
  assert.match(output(), pattern);
}

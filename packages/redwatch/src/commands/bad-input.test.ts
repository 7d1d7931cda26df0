import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { contractVersion, errorCodes, type ErrorCode } from '@redcontrol/contract';
import { startTestDaemon } from '@redcontrol/client/test-daemon';
import { freePort, startTestSshd, type TestSshd } from '@redcontrol/client/test-sshd';
import type { RunResult } from '@redcontrol/system';
import { redwatchOf, type Redwatch } from '../../test/redwatch-of-test.ts';

let folder: string;
let sshd: TestSshd;
let daemon: Awaited<ReturnType<typeof startTestDaemon>>;
let redwatch: Redwatch;
let version = contractVersion;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redwatch-bad-'));
  sshd = await startTestSshd(join(folder, 'sshd'));
  daemon = await startTestDaemon(join(folder, 'daemon.sock'), {
    hello: () => ({ contractVersion: version, daemonVersion: '0.1.0', name: 'Anna', role: 'developer', projects: [] }),
    'project.list': () => [], 'run.list': () => [], 'events.follow': () => ({ last: 0 }),
  });
  await mkdir(join(folder, 'home'));
  redwatch = redwatchOf({ home: join(folder, 'home'), folder });
  const key = await sshd.addKey('anna', [process.execPath, join(import.meta.dirname, '../../../client/src/test-connect.mjs'), join(folder, 'daemon.sock'), 'SHA256:anna']);
  const connected = await redwatch.run('connect', `${sshd.target.user}@127.0.0.1:${sshd.target.port}`, '--name', 'main', '--ssh-config', sshd.target.configFile!, '--identity', key, '--accept-host-key', sshd.fingerprint);
  assert.equal(connected.exitCode, 0, connected.stderr);
});
after(async () => {
  await daemon?.close();
  await sshd?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** One line that says what is wrong, one with what to do, nothing else, and the documented exit code. */
function isClear({ exitCode, stderr, stdout }: RunResult, code: ErrorCode, message: RegExp): void {
  const [error, hint, ...more] = stderr.split('\n');
  assert.deepEqual([exitCode, stdout, more], [errorCodes[code], '', ['']], stderr);
  assert.match(error ?? '', new RegExp(`^error ${code}: ${message.source}`));
  assert.match(hint ?? '', /^hint: ./);
}

const connect = (address: string) => redwatch.run('connect', address, '--name', 'other', '--ssh-config', sshd.target.configFile!);

test('an address that is none, and a server that is not connected', async () => {
  isClear(await connect('-oProxyCommand=id'), 'USAGE', /./);
  isClear(await connect('a b'), 'USAGE', /Expected USER@SERVER, got "a b"/);
  const unknown = await redwatch.run('--server', 'nothing', 'log');
  assert.deepEqual([unknown.exitCode, unknown.stderr.split('\n')[0]], [3, 'error NOT_FOUND: Expected one of the servers main, got nothing']);
});

test('an unknown project', async () => {
  isClear(await redwatch.run('--project', 'nothing', 'log'), 'NOT_FOUND', /Expected the project nothing on main/);
});

test('settings that are broken', async () => {
  const path = join(folder, 'home/.config/redwatch/settings.json');
  const good = await readFile(path, 'utf8');
  await writeFile(path, '{"servers": [{"name": 1}]}');
  isClear(await redwatch.run('status'), 'CONFIG_INVALID', /Expected settings of redwatch in .*servers\.0\.name/);
  await writeFile(path, good);
});

test('a server where nobody answers, and one without an address', async () => {
  isClear(await connect(`root@127.0.0.1:${await freePort()}`), 'SSH_FAILED', /.*Connection refused/);
  isClear(await connect('root@no-such-host.invalid'), 'SSH_FAILED', /Expected the name no-such-host\.invalid to have an address/);
});

for (const [name, theirs] of [['older', contractVersion - 1], ['newer', contractVersion + 1]] as const) {
  test(`a daemon one contract version ${name}`, async () => {
    version = theirs;
    isClear(await redwatch.run('--project', 'shop', 'log'), 'CONTRACT_MISMATCH', new RegExp(`Expected a daemon on .* that speaks contract ${contractVersion}, got ${theirs}`));
    const background = redwatch.start({}, 'run');
    await until(() => background.output().includes('connection lost')).finally(() => background.kill('SIGTERM'));
    assert.match(background.output(), /main: connection lost \(Expected a daemon on .* that speaks contract/);
    version = contractVersion;
  });
}

test('a process that stands still, as over a sleep of the machine, is told nothing twice', async () => {
  let told = () => {};
  const socket = join(folder, 'still.sock');
  const still = await startTestDaemon(socket, {
    'project.list': () => [], 'events.follow': ({ after: from = 0 }, { notify }) => {
      told = () => { for (let seq = from + 1; seq <= from + 50; seq += 1) notify('event', { seq, at: seq, kind: 'run.succeeded', project: 'shop', environment: null, runId: seq, text: '', data: { ref: 'main' } }); };
      return { last: from };
    },
  });
  const home = join(folder, 'still');
  await mkdir(join(home, '.config/redwatch'), { recursive: true });
  await writeFile(join(home, '.config/redwatch/settings.json'), JSON.stringify({ servers: [{ name: 'still', host: 'h', user: 'u', port: 22, socket }] }));
  const background = redwatchOf({ home, folder }).start({}, 'run', '--print');
  const cursor = async () => (JSON.parse(await readFile(join(home, '.local/state/redwatch/cursors.json'), 'utf8')) as Record<string, { seq: number }>)[socket]?.seq;
  try {
    await until(() => background.output().includes('still: connected'));
    background.signal('SIGSTOP');
    told();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    background.signal('SIGCONT');
    await until(async () => (await cursor()) === 50);
    const one = background.output().split('shop: main passed').length - 1;
    const summedUp = [...background.output().matchAll(/Meanwhile: (\d+) events/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    assert.equal(one + summedUp, 50, background.output());
  } finally {
    await background.kill('SIGTERM');
    await still.close();
  }
});

test('a key that was revoked, and a host key that changed', async () => {
  await rm(join(folder, 'sshd', 'authorized_keys'));
  isClear(await redwatch.run('--project', 'shop', 'log'), 'SSH_DENIED', /Expected .* to accept a key of this machine/);
  await sshd.changeHostKey();
  isClear(await redwatch.run('--project', 'shop', 'log'), 'SSH_HOST_KEY', /Expected the host key of 127\.0\.0\.1 that is known here/);
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await isSo()); ) {
    assert.ok(Date.now() < end, 'It did not come to this within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { startTestDaemon, type TestMethods } from '@redcontrol/client/test-daemon';
import { runTestCli } from '../cli/test-cli.ts';
import { backupRecord, releaseRecord, runRecord, testNow } from './test-records.ts';

let folder = '';
let count = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-backup-cli-'));
  await writeFile(join(folder, 'redcontrol.yml'), 'project: shop\nrepository: git@git.example.com:acme/shop.git\nservers: { main: { host: 203.0.113.10 } }\nenvironments: { production: { deploy: { branch: main } } }\n');
});
after(() => rm(folder, { recursive: true }));

async function shop(t: TestContext, answers: TestMethods) {
  const socket = join(folder, `${(count += 1)}.sock`);
  const daemon = await startTestDaemon(socket, answers);
  t.after(() => daemon.close());
  const run = (...args: string[]) => runTestCli(['--socket', socket, '-c', 'redcontrol.yml', ...args], { folder, now: testNow });
  return { run, paramsOf: (method: string) => daemon.calls.find((call) => call.method === method)?.params };
}

test('backups are listed with what is known of them: one that nobody restored is unproven', async (t) => {
  const { run } = await shop(t, { 'backup.list': () => [backupRecord(), backupRecord({ id: 4, proof: 'proven', proofAt: testNow - 3_600_000, reason: 'schedule', release: null, place: 's3 backups' }), backupRecord({ id: 3, state: 'failed', bytes: 0 }), backupRecord({ id: 2, proof: 'failed' })] });
  const { stdout, code } = await run('backup', 'list');
  assert.equal(code, 0);
  assert.match(stdout, /5 {2}○ unproven .*migration of #7 .*2\.0 KB .*1\.2s .*– .*local/);
  assert.match(stdout, /4 {2}✓ proven .*schedule .*1h ago .*s3 backups/);
  assert.match(stdout, /3 {2}✗ failed/);
  assert.match(stdout, /2 {2}✗ not restorable/);
});

test('a backup tells its files, checksums and counts; one that cannot be restored ends with its own exit code', async (t) => {
  const { run } = await shop(t, { 'backup.create': () => backupRecord(), 'backup.verify': () => backupRecord({ proof: 'failed', proofError: 'Expected 40 rows, got 39' }) });
  assert.match((await run('backup', 'create')).stdout, /backup 5 of production ○ unproven[^]*database\.pgdump\.age {2}2\.0 KB {2}sha256:abab\S+ {2}1 tables, 40 rows/);
  const refused = await run('backup', 'verify', '5');
  assert.equal(refused.code, 7);
  assert.match(refused.stderr, /BACKUP_CORRUPT.*Expected 40 rows, got 39/s);
});

test('a restore asks for the environment by name, and without a terminal names --yes', async (t) => {
  const { run, paramsOf } = await shop(t, { 'backup.show': () => backupRecord(), 'backup.restore': () => ({ safetyBackup: 6, oldVolumes: ['v'] }) });
  const refused = await run('restore', '5');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /--yes/);
  assert.equal(paramsOf('backup.restore'), undefined);
  const done = await run('restore', '5', '-e', 'production', '--yes');
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /production has the data of 2027[^]*redcontrol restore 6 -e production/);
});

test('a rollback over a migration says what the data of the backup would lose, and takes them only when told', async (t) => {
  const choices = { release: 6, backup: backupRecord(), changes: [{ table: 'public.orders', before: 40, now: 52 }] };
  const answers: TestMethods = { 'release.list': () => [releaseRecord({ number: 6 })], 'release.rollback-choices': () => choices, 'release.rollback': () => runRecord({ status: 'queued', trigger: 'rollback' }) };
  const app = await shop(t, answers);
  const told = await app.run('rollback', '6', '--yes', '--no-wait');
  assert.match(told.stderr, /Backup 5 has the data of 5m ago, unproven[^]*public\.orders: 40 rows in the backup, 52 now/);
  assert.deepEqual(app.paramsOf('release.rollback'), { project: 'shop', environment: 'production', release: 6 });
  const both = await shop(t, answers);
  assert.equal((await both.run('rollback', '6', '--data', '--yes', '--no-wait')).code, 0);
  assert.deepEqual(both.paramsOf('release.rollback'), { project: 'shop', environment: 'production', release: 6, backup: 5 });
  const none = await shop(t, { ...answers, 'release.rollback-choices': () => ({ release: 6, backup: null, changes: [] }) });
  assert.equal((await none.run('rollback', '6', '--data', '--yes')).code, 3);
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { spawnProcess } from '@redcontrol/system';
import { createBackupWorld, type BackupWorld } from '../world/backup-world.ts';

const program = join(import.meta.dirname, '../../packages/control/bin/redcontrol.js');
let world: BackupWorld;

before(async () => {
  world = await createBackupWorld();
});
after(() => world?.close());

function start(args: string[]) {
  const child = spawnProcess(process.execPath, [program, '--socket', join(world.directory, 'run', 'daemon.sock'), '--project', 'shop', ...args], { cwd: world.directory, stdin: 'pipe', variables: { NODE_NO_WARNINGS: '1' } });
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk));
  return { child, end: once(child, 'close').then(([code]) => ({ code: code as number, stdout: Buffer.concat(stdout), stderr })) };
}

async function cli(args: string[], input: string | Buffer = '') {
  const { child, end } = start(args);
  child.stdin?.end(input);
  const { code, stdout, stderr } = await end;
  return { code, stdout: stdout.toString(), bytes: stdout, stderr };
}

test('a shell is the database\'s own client, with its exit code, and is written down', async () => {
  const postgres = await cli(['database', 'shell', '-e', 'production'], '\\pset format unaligned\n\\pset tuples_only on\nselect count(*) from orders;\n\\! id -u\n');
  assert.equal(postgres.code, 0, postgres.stderr);
  assert.match(postgres.stdout, /\n1000\n65534\n$/);
  assert.match((await cli(['database', 'shell', '-e', 'test'], 'select note from goods where id = 3;\n')).stdout, /три/);
  assert.equal((await cli(['database', 'shell', '-e', 'production', '--redis'], 'get greeting\n')).stdout.trim(), 'hello');
  assert.notEqual((await cli(['database', 'shell', '-e', 'test'], 'select * from nothing;\n')).code, 0);
  assert.equal((await cli(['database', 'shell', '-e', 'test', '--redis'])).code, 3);
  const [asked] = (await world.call('audit.list', { limit: 100 })).filter(({ method, environment }) => method === 'database.shell' && environment === 'production');
  assert.equal(asked?.outcome, 'asked');
});

test('a dump goes into a file or to standard output, whole or not at all', async () => {
  const done = await cli(['database', 'dump', 'shop.pgdump', '-e', 'production']);
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /postgres 15, 2 tables/);
  const file = join(world.directory, 'shop.pgdump');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.ok((await readFile(file)).subarray(0, 5).equals(Buffer.from('PGDMP')));
  const piped = await cli(['database', 'dump', '-e', 'test']);
  assert.match(piped.stdout, /INSERT INTO `goods`/);
  const rdb = await cli(['database', 'dump', '-e', 'production', '--redis']);
  assert.equal(rdb.bytes.subarray(0, 5).toString(), 'REDIS');

  // Of incompressible rows, so that there is time to press Ctrl-C.
  await world.psql('staging', "create table large as select encode(sha256(n::text::bytea), 'hex') || encode(sha256((n + 1000000)::text::bytea), 'hex') as t from generate_series(1, 1500000) n");
  const { child, end } = start(['database', 'dump', 'large.pgdump', '-e', 'staging']);
  for (let tries = 0; !(await stat(join(world.directory, 'large.pgdump.part')).then(({ size }) => size > 100_000, () => false)); tries += 1) {
    assert.ok(tries < 300 && child.exitCode === null, 'it did not begin');
    await delay(50);
  }
  child.kill('SIGINT');
  assert.equal((await end).code, 130);
  for (const name of ['large.pgdump', 'large.pgdump.part']) await assert.rejects(stat(join(world.directory, name)));
  await world.psql('staging', 'drop table large');
});

test('a load says what it replaces, makes a backup, and changes over when all is there', async () => {
  const asked = await cli(['database', 'load', 'shop.pgdump', '-e', 'staging']);
  assert.deepEqual([asked.code, /--yes/.test(asked.stderr)], [2, true], asked.stderr);
  await world.psql('staging', "create table before (n int); insert into before values (7)");
  const done = await cli(['database', 'load', 'shop.pgdump', '-e', 'staging', '--yes']);
  assert.equal(done.code, 0, done.stderr);
  assert.equal(await world.psql('staging', 'select count(*) from orders'), '1000');
  await assert.rejects(world.psql('staging', 'select * from before'));
  const backup = Number(/is backup (\d+)/.exec(done.stdout)?.[1]);
  assert.equal((await world.call('backup.show', { project: 'shop', backup })).reason, 'load');
  await world.call('backup.restore', { project: 'shop', backup, environment: 'staging' });
  assert.equal(await world.psql('staging', 'select n from before'), '7');

  await writeFile(join(world.directory, 'goods.sql'), (await cli(['database', 'dump', '-e', 'test'])).bytes);
  await world.mariadb('test', 'delete from goods');
  assert.equal((await cli(['database', 'load', 'goods.sql', '-e', 'test', '--yes'])).code, 0);
  assert.equal(await world.mariadb('test', 'select count(*) from goods'), '3');
  await writeFile(join(world.directory, 'redis.rdb'), (await cli(['database', 'dump', '-e', 'production', '--redis'])).bytes);
  assert.equal((await cli(['database', 'load', 'redis.rdb', '-e', 'staging', '--redis', '--yes'])).code, 0);
  assert.equal(await world.redis('staging', 'get', 'greeting'), 'hello');
  await world.assertNoScratch();
});

test('what is no whole dump is refused and changes nothing; so does a load that is given up', async () => {
  const whole = await readFile(join(world.directory, 'shop.pgdump'));
  await writeFile(join(world.directory, 'cut.pgdump'), whole.subarray(0, whole.length - 2000));
  await writeFile(join(world.directory, 'other.pgdump'), 'select 1;\n');
  for (const name of ['cut.pgdump', 'other.pgdump']) {
    const refused = await cli(['database', 'load', name, '-e', 'production', '--yes']);
    assert.equal(refused.code, 7, refused.stderr);
    assert.match(refused.stderr, /BACKUP_CORRUPT/);
  }
  assert.equal((await cli(['database', 'load', 'nothing.pgdump', '-e', 'production', '--yes'])).code, 2);

  const client = await world.client();
  const controller = new AbortController();
  const loading = client.call('database.load', { project: 'shop', environment: 'production', session: 'given-up' }, { signal: controller.signal });
  for (let tries = 0; ; tries += 1) {
    const given = await client.call('app.input', { session: 'given-up', data: whole.subarray(0, 1000).toString('base64') }).then(() => true, () => false);
    if (given) break;
    assert.ok(tries < 300);
    await delay(100);
  }
  controller.abort();
  await assert.rejects(loading);
  for (let tries = 0; ; tries += 1) {
    if (await world.assertNoScratch().then(() => true, () => false)) break;
    assert.ok(tries < 150);
    await delay(200);
  }
  assert.equal(await world.psql('production', 'select count(*) from orders'), '1000');
});

test('an unknown engine or version is refused by name with those that there are, and binds the environment to nothing', async () => {
  const { config: text } = await world.call('project.config', { project: 'shop' });
  const withDatabase = (database: object) => {
    const origin = /repository: (\S+)/.exec(text)![1];
    return stringify({ project: 'other', repository: origin, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h', branches: ['none'] }, environments: { test: { deploy: { branch: 'none' }, database } } });
  };
  await assert.rejects(world.call('project.apply', { config: withDatabase({ engine: 'oracle' }) }), { code: 'CONFIG_INVALID', message: /postgres.*mariadb.*"oracle"/ });
  await assert.rejects(world.call('project.apply', { config: withDatabase({ engine: 'postgres', version: 99 }) }), (error: { code: string; hint?: string }) => error.code === 'IMAGE_UNAVAILABLE' && /\b15\b/.test(error.hint ?? ''));
  await world.call('project.apply', { config: withDatabase({ engine: 'postgres', version: 15 }) });
  assert.equal((await world.call('environment.list', { project: 'other' }))[0]?.database?.version, '15');
  await world.call('project.remove', { project: 'other', data: true });
});

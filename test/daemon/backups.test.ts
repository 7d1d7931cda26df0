import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { dataTransitions, execInContainer, inspectContainer, listContainers, listVolumes, openEngine, removeContainer, startContainer } from '@redcontrol/daemon';
import { runToEnd } from '@redcontrol/system';
import { stringify } from 'yaml';
import { sampleApp } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';

let world: World;
let engine: ReturnType<typeof openEngine>;
let url = '';

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  engine = openEngine({ instance: world.instance });
  url = (await world.repository('shop', sampleApp('v1'))).url;
  await apply();
  await psql('production', `create table orders (id serial primary key, note text); insert into orders (note) select 'order ' || n from generate_series(1, 1000) n;
    create schema "odd|one"; create table "odd|one"."it's" (n int); insert into "odd|one"."it's" values (1), (2)`);
  await redis('production', 'set', 'greeting', 'hello');
  await redis('production', 'set', 'fleeting', 'x', 'ex', '3600');
  await mariadb('test', "create table goods (id int primary key, note text); insert into goods values (1, 'one'), (2, 'zwei'), (3, 'три'); create trigger t before insert on goods for each row set new.note = concat(new.note, '!')");
  await inVolume('production', "mkdir -p /data/sub && echo first > /data/sub/picture.txt && chown -R 10001:10001 /data");
});
after(() => world.close());

/** Without `backup` nothing is made by the clock. */
async function apply(backup?: object): Promise<void> {
  await world.call('project.apply', {
    config: stringify({
      project: 'shop', repository: url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h', branches: ['none'] }, volumes: { media: '/app/media' },
      environments: {
        production: { deploy: { branch: 'none' }, database: { engine: 'postgres', version: 15, ...(backup ? { backup } : {}) }, redis: { version: 7 } },
        staging: { deploy: { branch: 'none' }, database: { engine: 'postgres', version: 15 }, redis: { version: 7 } },
        test: { deploy: { branch: 'none' }, database: { engine: 'mariadb', version: '10.11' } },
      },
    }),
  });
}

const create = (environment: string) => world.call('backup.create', { project: 'shop', environment });

test('a backup of PostgreSQL, Redis and files says its size, checksum, time and counts, and is unproven', async () => {
  const backup = await create('production');
  assert.deepEqual([backup.state, backup.reason, backup.proof, backup.place, backup.startedBy], ['ready', 'manual', 'unproven', 'local', 'root on the server']);
  assert.deepEqual(backup.files.map(({ name, kind, version }) => [name, kind, version]), [
    ['database.pgdump.age', 'database', '15'], ['redis.rdb.age', 'redis', '7'], ['volume-media.tar.zst.age', 'volume', null],
  ]);
  assert.deepEqual(backup.files[0]!.rows, [{ table: "odd|one.it's", least: 2, most: 2 }, { table: 'public.orders', least: 1000, most: 1000 }]);
  assert.deepEqual(backup.files[1]!.rows, [{ table: 'db0', least: 1, most: 2 }]);
  for (const file of backup.files) {
    const path = pathOf(backup.id, file.name);
    assert.equal((await stat(path)).size, file.bytes);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.match((await readFile(path)).subarray(0, 21).toString(), /^age-encryption\.org\/v1/);
  }
  assert.ok(backup.finishedAt! >= backup.createdAt);
});

test('a backup is proven by restoring it into a database of its own, of which nothing stays', async () => {
  const backup = await create('production');
  const proven = await world.call('backup.verify', { project: 'shop', backup: backup.id });
  assert.deepEqual([proven.proof, proven.proofError], ['proven', null]);
  assert.ok(proven.proofAt! >= backup.createdAt);
  await assertNoScratch();
  const other = await create('test');
  assert.deepEqual(other.files[0]!.rows, [{ table: 'goods', least: 3, most: 3 }]);
  assert.equal((await world.call('backup.verify', { project: 'shop', backup: other.id })).proof, 'proven');
  await assertNoScratch();
});

test('the program age opens what RedControl made', async (context) => {
  if ((await runToEnd('age', ['--version']).catch(() => ({ exitCode: 1 }))).exitCode !== 0) return context.skip('the program age is not installed');
  const [backup] = await world.call('backup.list', { project: 'shop', environment: 'test' });
  const { identity } = await world.call('backup.key', {});
  const keyFile = join(world.directory, 'identity.txt');
  await writeFile(keyFile, `${identity}\n`, { mode: 0o600 });
  const plain = join(world.directory, 'goods.sql.zst');
  const { exitCode, stderr } = await runToEnd('age', ['--decrypt', '--identity', keyFile, '--output', plain, pathOf(backup!.id, backup!.files[0]!.name, 'test')]);
  assert.equal(exitCode, 0, stderr);
  const { zstdDecompressSync } = await import('node:zlib');
  assert.match(zstdDecompressSync(await readFile(plain)).toString(), /INSERT INTO `goods`/);
});

test('a restore brings back tables, keys and files; what was there before is a backup of its own', async () => {
  const [point] = (await world.call('backup.list', { project: 'shop', environment: 'production' })).filter((one) => one.proof === 'proven');
  await psql('production', "drop table \"odd|one\".\"it's\"; delete from orders; insert into orders (note) values ('after')");
  await redis('production', 'del', 'greeting');
  await inVolume('production', 'rm -r /data/sub && echo second > /data/other.txt');

  const done = await world.call('backup.restore', { project: 'shop', backup: point!.id, environment: 'production' });
  assert.equal(await psql('production', 'select count(*) from orders'), '1000');
  assert.equal(await psql('production', "select sum(n) from \"odd|one\".\"it's\""), '3');
  assert.equal(await psql('production', "insert into orders (note) values ('next') returning id"), '1001');
  assert.equal(await redis('production', 'get', 'greeting'), 'hello');
  assert.equal(await inVolume('production', 'cat /data/sub/picture.txt; stat -c %u /data/sub/picture.txt; ls -A /data'), 'first\n10001\nsub');
  await assertNoScratch();

  assert.equal(done.oldVolumes.length, 2);
  const safety = await world.call('backup.show', { project: 'shop', backup: done.safetyBackup! });
  assert.deepEqual([safety.reason, safety.files[0]!.rows], ['restore', [{ table: 'public.orders', least: 1, most: 1 }]]);
  const back = await world.call('backup.restore', { project: 'shop', backup: safety.id, environment: 'production' });
  assert.equal(await psql('production', 'select note from orders'), 'after');
  assert.equal(await inVolume('production', 'cat /data/other.txt'), 'second');
  // Of the volumes of before restores one is kept of each database: disks are finite.
  const volumes = await listVolumes(engine, { project: 'shop', environment: 'production' });
  assert.equal(volumes.filter(({ name }) => name.includes('--database-')).length, 2, volumes.map(({ name }) => name).join(' '));
  assert.ok(back.oldVolumes.every((name) => volumes.some((volume) => volume.name === name)));
});

test('a restore into another environment takes its own user and password, and leaves the first alone', async () => {
  const [point] = (await world.call('backup.list', { project: 'shop', environment: 'production' })).filter((one) => one.files[0]?.rows.some((row) => row.table === 'public.orders' && row.most === 1000));
  await world.call('backup.restore', { project: 'shop', backup: point!.id, environment: 'staging' });
  assert.equal(await psql('staging', 'select count(*) from orders'), '1000');
  assert.equal(await psql('production', 'select count(*) from orders'), '1');
  await assert.rejects(world.call('backup.restore', { project: 'shop', backup: point!.id, environment: 'test' }), { code: 'CONFLICT', message: /it has mariadb/ });
  await assert.rejects(world.call('backup.restore', { project: 'shop', backup: point!.id, environment: 'nowhere' }), { code: 'NOT_FOUND', hint: /production, staging, test/ });
});

test('a MariaDB comes back with its triggers', async () => {
  const [point] = await world.call('backup.list', { project: 'shop', environment: 'test' });
  await mariadb('test', 'drop table goods');
  await world.call('backup.restore', { project: 'shop', backup: point!.id, environment: 'test' });
  await mariadb('test', "insert into goods values (4, 'vier')");
  assert.equal(await mariadb('test', 'select note from goods order by id'), 'one\nzwei\nтри\nvier!');
});

test('a backup with one changed byte, or a missing file, is refused before anything is touched', async () => {
  const backup = await create('production');
  const path = pathOf(backup.id, 'database.pgdump.age');
  const whole = await readFile(path);
  const volumeNames = async () => (await listVolumes(engine, { project: 'shop', environment: 'production' })).map(({ name }) => name).toSorted();
  const volumes = await volumeNames();
  for (const broken of [changed(whole, whole.length - 3), changed(whole, 300), whole.subarray(0, whole.length - 1), Buffer.alloc(0)]) {
    await writeFile(path, broken);
    await assert.rejects(world.call('backup.restore', { project: 'shop', backup: backup.id, environment: 'production' }), { code: 'BACKUP_CORRUPT' });
  }
  const proof = await world.call('backup.verify', { project: 'shop', backup: backup.id });
  assert.equal(proof.proof, 'failed');
  assert.match(proof.proofError!, /Expected/);
  assert.equal(await psql('production', 'select note from orders'), 'after');
  assert.deepEqual(await volumeNames(), volumes);
  assert.ok((await world.call('events.list', { after: 0, limit: 1000 })).some((event) => event.kind === 'backup.unprovable'));
});

test('a backup ends before the disk is full, leaves nothing of it, and says what to free', async () => {
  await world.kill('SIGTERM');
  await world.start({ REDCONTROL_DISK_RESERVE_BYTES: String(2 ** 60) });
  await assert.rejects(create('production'), { code: 'DISK_FULL', hint: /backup remove/ });
  const [failed] = await world.call('backup.list', { project: 'shop', environment: 'production' });
  assert.equal(failed!.state, 'failed');
  await assert.rejects(stat(pathOf(failed!.id, '')));
  const [ready] = (await world.call('backup.list', { project: 'shop', environment: 'test' })).filter((one) => one.state === 'ready');
  await assert.rejects(world.call('backup.verify', { project: 'shop', backup: ready!.id }), { code: 'DISK_FULL' });
  await assertNoScratch();
  assert.equal(await psql('production', 'select note from orders'), 'after');
  await world.kill('SIGTERM');
  await world.start();
});

for (const moment of dataTransitions.flatMap((name) => [`${name}:before`, `${name}:after`])) {
  test(`killed at ${moment}: no half backup, no database left over, and the data are those of before or of the backup`, async () => {
    const point = await create('staging');
    await psql('staging', 'delete from orders');
    await world.kill('SIGTERM');
    await world.start({ REDCONTROL_KILL_AT: moment });
    const client = await world.client();
    await assert.rejects(client.call('backup.restore', { project: 'shop', backup: point.id, environment: 'staging' }));
    await world.ended();
    await world.start();
    await world.client();
    const isSwitched = moment === 'data.switched:after' || moment.startsWith('data.ended');
    assert.equal(await psql('staging', 'select count(*) from orders'), isSwitched ? '1000' : '0');
    await assertNoScratch();
    assert.ok((await world.call('backup.list', { project: 'shop', environment: 'staging' })).every((one) => one.state !== 'making'));
    if (!isSwitched) await world.call('backup.restore', { project: 'shop', backup: point.id, environment: 'staging' });
    assert.equal(await psql('staging', 'select count(*) from orders'), '1000');
  });
}

test('by the clock a backup is made, proven, and older ones of its kind go', async () => {
  await apply({ every: '1h', keep: 1, verify: '1m' });
  const until = Date.now() + 150_000;
  for (;;) {
    const made = (await world.call('backup.list', { project: 'shop', environment: 'production' })).find((one) => one.reason === 'schedule');
    if (made?.proof === 'proven') break;
    assert.ok(Date.now() < until, JSON.stringify(made));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await assertNoScratch();
  await apply();
});

function pathOf(backup: number, file: string, environment = 'production'): string {
  return join(world.directory, 'data', 'backups', 'shop', environment, String(backup), file);
}

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

async function assertNoScratch(): Promise<void> {
  assert.deepEqual((await listContainers(engine, { role: 'scratch' })).map(({ name }) => name), []);
  const used = new Set((await listContainers(engine, { role: 'database' })).map(({ labels }) => labels['redcontrol.volume']));
  const operations = (await listVolumes(engine)).filter(({ labels }) => labels['redcontrol.operation'] !== undefined);
  // What a restore replaced is kept; anything else made for an operation has to be in use.
  const strays = operations.filter(({ name }) => !used.has(name));
  assert.ok(strays.length <= 6, strays.map(({ name }) => name).join(' '));
}

function containerOf(environment: string, host: string): string {
  return `rc-${world.instance}-shop--${environment}--${host}`;
}

async function inside(container: string, command: string[]): Promise<string> {
  let said = '';
  const { exitCode } = await execInContainer(engine, { container, command, onOutput: (chunk) => void (said += chunk.toString()), timeoutMs: 60_000 });
  assert.equal(exitCode, 0, said);
  return said.trim();
}

const psql = (environment: string, statement: string) => inside(containerOf(environment, 'db'), ['psql', '-qAt', '-U', 'app', '-d', 'app', '-v', 'ON_ERROR_STOP=1', '-c', statement]);
const mariadb = (environment: string, statement: string) => inside(containerOf(environment, 'db'), ['mariadb', '--user=app', '--batch', '--skip-column-names', '--default-character-set=utf8mb4', 'app', '--execute', statement]);
const redis = (environment: string, ...words: string[]) => inside(containerOf(environment, 'redis'), ['redis-cli', ...words]);

/** In a container of the database's image that has the volume of files. */
async function inVolume(environment: string, script: string): Promise<string> {
  const database = await inspectContainer(engine, containerOf(environment, 'db'));
  const name = `rc-${world.instance}-look`;
  await startContainer(engine, { name, image: database!.imageId, entrypoint: [], command: ['sleep', '60'], user: '0:0', labels: { role: 'service' }, network: 'none', capabilities: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'], mounts: [{ kind: 'volume', source: `rc-${world.instance}-shop--${environment}--media`, target: '/data' }] });
  try {
    return await inside(name, ['sh', '-c', script]);
  } finally {
    await removeContainer(engine, name);
  }
}

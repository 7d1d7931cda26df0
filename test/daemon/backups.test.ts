import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { listVolumes } from '@redcontrol/daemon';
import { runToEnd } from '@redcontrol/system';
import { createBackupWorld, type BackupWorld } from '../world/backup-world.ts';

let world: BackupWorld;

before(async () => {
  world = await createBackupWorld();
});
after(() => world?.close());

test('a backup of PostgreSQL, Redis and files says its size, checksum, time and counts, and is unproven', async () => {
  const backup = await world.create('production');
  assert.deepEqual([backup.state, backup.reason, backup.proof, backup.place, backup.startedBy], ['ready', 'manual', 'unproven', 'local', 'root on the server']);
  assert.deepEqual(backup.files.map(({ name, kind, version }) => [name, kind, version]), [
    ['database.pgdump.age', 'database', '15'], ['redis.rdb.age', 'redis', '7'], ['volume-media.tar.zst.age', 'volume', null],
  ]);
  assert.deepEqual(backup.files[0]!.rows, [{ table: "odd|one.it's", least: 2, most: 2 }, { table: 'public.orders', least: 1000, most: 1000 }]);
  assert.deepEqual(backup.files[1]!.rows, [{ table: 'db0', least: 1, most: 2 }]);
  for (const file of backup.files) {
    const path = world.pathOf(backup.id, file.name);
    assert.equal((await stat(path)).size, file.bytes);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.match((await readFile(path)).subarray(0, 21).toString(), /^age-encryption\.org\/v1/);
  }
  assert.ok(backup.finishedAt! >= backup.createdAt);
});

test('a backup is proven by restoring it into a database of its own, of which nothing stays', async () => {
  const backup = await world.create('production');
  const proven = await world.call('backup.verify', { project: 'shop', backup: backup.id });
  assert.deepEqual([proven.proof, proven.proofError], ['proven', null]);
  assert.ok(proven.proofAt! >= backup.createdAt);
  await world.assertNoScratch();
  const other = await world.create('test');
  assert.deepEqual(other.files[0]!.rows, [{ table: 'goods', least: 3, most: 3 }]);
  assert.equal((await world.call('backup.verify', { project: 'shop', backup: other.id })).proof, 'proven');
  await world.assertNoScratch();
});

test('the program age opens what RedControl made', async (context) => {
  if ((await runToEnd('age', ['--version']).catch(() => ({ exitCode: 1 }))).exitCode !== 0) return context.skip('the program age is not installed');
  const [backup] = await world.call('backup.list', { project: 'shop', environment: 'test' });
  const { identity } = await world.call('backup.key', {});
  const keyFile = join(world.directory, 'identity.txt');
  await writeFile(keyFile, `${identity}\n`, { mode: 0o600 });
  const plain = join(world.directory, 'goods.sql.zst');
  const { exitCode, stderr } = await runToEnd('age', ['--decrypt', '--identity', keyFile, '--output', plain, world.pathOf(backup!.id, backup!.files[0]!.name, 'test')]);
  assert.equal(exitCode, 0, stderr);
  const { zstdDecompressSync } = await import('node:zlib');
  assert.match(zstdDecompressSync(await readFile(plain)).toString(), /INSERT INTO `goods`/);
});

test('a restore brings back tables, keys and files; what was there before is a backup of its own', async () => {
  const [point] = (await world.call('backup.list', { project: 'shop', environment: 'production' })).filter((one) => one.proof === 'proven');
  await world.psql('production', "drop table \"odd|one\".\"it's\"; delete from orders; insert into orders (note) values ('after')");
  await world.redis('production', 'del', 'greeting');
  await world.inVolume('production', 'rm -r /data/sub && echo second > /data/other.txt');

  const done = await world.call('backup.restore', { project: 'shop', backup: point!.id, environment: 'production' });
  assert.equal(await world.psql('production', 'select count(*) from orders'), '1000');
  assert.equal(await world.psql('production', "select sum(n) from \"odd|one\".\"it's\""), '3');
  assert.equal(await world.psql('production', "insert into orders (note) values ('next') returning id"), '1001');
  assert.equal(await world.redis('production', 'get', 'greeting'), 'hello');
  assert.equal(await world.inVolume('production', 'cat /data/sub/picture.txt; stat -c %u /data/sub/picture.txt; ls -A /data'), 'first\n10001\nsub');
  await world.assertNoScratch();

  assert.equal(done.oldVolumes.length, 2);
  const safety = await world.call('backup.show', { project: 'shop', backup: done.safetyBackup! });
  assert.deepEqual([safety.reason, safety.files[0]!.rows], ['restore', [{ table: 'public.orders', least: 1, most: 1 }]]);
  const back = await world.call('backup.restore', { project: 'shop', backup: safety.id, environment: 'production' });
  assert.equal(await world.psql('production', 'select note from orders'), 'after');
  assert.equal(await world.inVolume('production', 'cat /data/other.txt'), 'second');
  // Of the volumes of before restores one is kept of each database: disks are finite.
  const volumes = await listVolumes(world.engine, { project: 'shop', environment: 'production' });
  assert.equal(volumes.filter(({ name }) => name.includes('--database-')).length, 2, volumes.map(({ name }) => name).join(' '));
  assert.ok(back.oldVolumes.every((name) => volumes.some((volume) => volume.name === name)));
});

test('a restore into another environment takes its own user and password, and leaves the first alone', async () => {
  const [point] = (await world.call('backup.list', { project: 'shop', environment: 'production' })).filter((one) => one.files[0]?.rows.some((row) => row.table === 'public.orders' && row.most === 1000));
  await world.call('backup.restore', { project: 'shop', backup: point!.id, environment: 'staging' });
  assert.equal(await world.psql('staging', 'select count(*) from orders'), '1000');
  assert.equal(await world.psql('production', 'select count(*) from orders'), '1');
  await assert.rejects(world.call('backup.restore', { project: 'shop', backup: point!.id, environment: 'test' }), { code: 'CONFLICT', message: /it has mariadb/ });
  await assert.rejects(world.call('backup.restore', { project: 'shop', backup: point!.id, environment: 'nowhere' }), { code: 'NOT_FOUND', hint: /production, staging, test/ });
});

test('a MariaDB comes back with its triggers', async () => {
  const [point] = await world.call('backup.list', { project: 'shop', environment: 'test' });
  await world.mariadb('test', 'drop table goods');
  await world.call('backup.restore', { project: 'shop', backup: point!.id, environment: 'test' });
  await world.mariadb('test', "insert into goods values (4, 'vier')");
  assert.equal(await world.mariadb('test', 'select note from goods order by id'), 'one\nzwei\nтри\nvier!');
});

test('a backup with one changed byte, or a missing file, is refused before anything is touched', async () => {
  const backup = await world.create('production');
  const path = world.pathOf(backup.id, 'database.pgdump.age');
  const whole = await readFile(path);
  const volumeNames = async () => (await listVolumes(world.engine, { project: 'shop', environment: 'production' })).map(({ name }) => name).toSorted();
  const volumes = await volumeNames();
  for (const broken of [changed(whole, whole.length - 3), changed(whole, 300), whole.subarray(0, whole.length - 1), Buffer.alloc(0)]) {
    await writeFile(path, broken);
    await assert.rejects(world.call('backup.restore', { project: 'shop', backup: backup.id, environment: 'production' }), { code: 'BACKUP_CORRUPT' });
  }
  const proof = await world.call('backup.verify', { project: 'shop', backup: backup.id });
  assert.equal(proof.proof, 'failed');
  assert.match(proof.proofError!, /Expected/);
  assert.equal(await world.psql('production', 'select note from orders'), 'after');
  assert.deepEqual(await volumeNames(), volumes);
  assert.ok((await world.call('events.list', { after: 0, limit: 1000 })).some((event) => event.kind === 'backup.unprovable'));
});

test('a backup ends before the disk is full, leaves nothing of it, and says what to free', async () => {
  await world.kill('SIGTERM');
  await world.start({ REDCONTROL_DISK_RESERVE_BYTES: String(2 ** 60) });
  await assert.rejects(world.create('production'), { code: 'DISK_FULL', hint: /backup remove/ });
  const [failed] = await world.call('backup.list', { project: 'shop', environment: 'production' });
  assert.equal(failed!.state, 'failed');
  await assert.rejects(stat(world.pathOf(failed!.id, '')));
  const [ready] = (await world.call('backup.list', { project: 'shop', environment: 'test' })).filter((one) => one.state === 'ready');
  await assert.rejects(world.call('backup.verify', { project: 'shop', backup: ready!.id }), { code: 'DISK_FULL' });
  await world.assertNoScratch();
  assert.equal(await world.psql('production', 'select note from orders'), 'after');
  await world.kill('SIGTERM');
  await world.start();
});

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listContainers, listVolumes } from '../engine/index.ts';
import { getDatabase, listBackups } from '../store/index.ts';
import { copyData, copyWay } from './copy-data.ts';
import { makeBackup } from './make-backup.ts';
import { proveBackup } from './prove-backup.ts';
import { restoreBackup } from './restore-backup.ts';
import { openScratchDatabase } from './scratch-database.ts';
import { dataStand } from './test-bed/data-stand.ts';

const { engine, store, config, daemon, owner, psql, redis } = await dataStand('copies');
await psql("create table orders (id serial primary key, note text); insert into orders (note) select repeat('x', 100) from generate_series(1, 2000)");
await redis('set', 'greeting', 'hello');

test('files from a size on and of PostgreSQL only', () => {
  assert.deepEqual([copyWay('postgres', 1024 ** 3), copyWay('postgres', 1024 ** 2), copyWay('mariadb', 1024 ** 3)], ['by its files', 'by a dump', 'by a dump']);
});

for (const way of ['by a dump', 'by its files'] as const) {
  test(`a copy ${way} has every row, takes writes of its own, and the original serves on`, async () => {
    const from = getDatabase(store, 'shop', 'production', 'database')!;
    const to = await openScratchDatabase(daemon, { operation: way === 'by a dump' ? 901 : 902, config, like: from, version: '15', say() {} });
    try {
      assert.equal(await copyData(daemon, { from, to, bytes: 0, way, signal: new AbortController().signal }), way);
      assert.deepEqual(await to.rows(), [{ table: 'public.orders', least: 2000, most: 2000 }]);
      await psql("insert into orders (note) values ('of the copy')", to.containerName);
      assert.equal(await psql('select count(*) from orders'), '2000');
    } finally {
      await to.dispose();
    }
    assert.deepEqual(await listContainers(engine, { role: 'scratch' }), []);
  });
}

test('a copy that breaks off in the middle is told and leaves nothing', async () => {
  const from = getDatabase(store, 'shop', 'production', 'database')!;
  const to = await openScratchDatabase(daemon, { operation: 903, config, like: from, version: '15', say() {} });
  const stop = new AbortController();
  stop.abort();
  await assert.rejects(copyData(daemon, { from, to, bytes: 0, way: 'by a dump', signal: stop.signal }));
  await to.dispose();
  assert.equal(await psql('select count(*) from orders'), '2000', 'the server of the dump goes on');
  assert.equal((await listVolumes(engine, { operation: 903 })).length, 0);
});

test('a backup is proven and brings PostgreSQL and Redis back', async () => {
  const request = { config, environment: 'production', startedBy: 'test', say() {} };
  const backup = await makeBackup(daemon, { ...request, reason: 'manual' });
  assert.deepEqual(backup.files.map(({ name, rows }) => [name, rows]), [
    ['database.pgdump.age', [{ table: 'public.orders', least: 2000, most: 2000 }]], ['redis.rdb.age', [{ table: 'db0', least: 1, most: 1 }]], ['volume-media.tar.zst.age', []],
  ]);
  assert.equal((await proveBackup(daemon, backup, request)).proof, 'proven');
  await psql('delete from orders');
  await redis('set', 'greeting', 'changed');
  const { safetyBackup } = await restoreBackup(daemon, backup, request);
  assert.equal(await psql('select count(*) from orders'), '2000');
  assert.equal(await redis('get', 'greeting'), 'hello');
  assert.equal(listBackups(store, { ...owner, limit: 10 }).find(({ id }) => id === safetyBackup)?.files[0]?.rows[0]?.most, 0);
  assert.deepEqual(await listContainers(engine, { role: 'scratch' }), []);
});

import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { test } from 'node:test';
import { listContainers, listVolumes } from '../engine/index.ts';
import { getBackup } from '../store/index.ts';
import { dumpDatabase } from './dump-database.ts';
import { loadDatabase } from './load-database.ts';
import { storedDatabase } from './stored-database.ts';
import { dataStand } from './test-bed/data-stand.ts';

const stand = await dataStand('load-database');
const { daemon, config, owner, engine } = stand;
await stand.psql("create table goods (id int primary key, note text); insert into goods select n, 'note ' || n from generate_series(1, 500) n");
await stand.redis('set', 'greeting', 'hello');

async function dumped(role: 'database' | 'redis'): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const { bytes } = await dumpDatabase(daemon, storedDatabase(daemon, owner, role), { onData: async (chunk) => void chunks.push(chunk), signal: new AbortController().signal });
  assert.equal(Buffer.concat(chunks).length, bytes);
  return Buffer.concat(chunks);
}

const load = (dump: Readable, role: 'database' | 'redis' = 'database', signal?: AbortSignal) =>
  loadDatabase(daemon, { config, environment: 'production', role, dump, startedBy: 'Anna', say() {}, ...(signal ? { signal } : {}) });
const stream = (bytes: Buffer) => Readable.from([bytes], { objectMode: false });

async function assertNothingLeft(): Promise<void> {
  assert.deepEqual((await listContainers(engine, { role: 'scratch' })).map(({ name }) => name), []);
}

test('a dump that is loaded replaces the data, of which a backup and the volume are kept', async () => {
  const dump = await dumped('database');
  await stand.psql("drop table goods; create table later (n int); insert into later values (7)");
  const done = await load(stream(dump));
  assert.deepEqual(done.rows, [{ table: 'public.goods', least: 500, most: 500 }]);
  assert.equal(await stand.psql('select count(*) from goods'), '500');
  const backup = getBackup(daemon.store, done.backup);
  assert.deepEqual([backup?.reason, backup?.state, backup?.files[0]?.rows], ['load', 'ready', [{ table: 'public.later', least: 1, most: 1 }]]);
  assert.ok((await listVolumes(engine, owner)).some(({ name }) => name === done.oldVolume));
  await assertNothingLeft();
});

test('a Redis takes its own dump', async () => {
  const dump = await dumped('redis');
  await stand.redis('del', 'greeting');
  await load(stream(dump), 'redis');
  assert.equal(await stand.redis('get', 'greeting'), 'hello');
});

test('a cut dump, something else, and a load that is given up leave the data as they were', async () => {
  const dump = await dumped('database');
  for (const wrong of [dump.subarray(0, dump.length - 700), Buffer.from('select 1;\n')]) {
    await assert.rejects(load(stream(wrong)), { code: 'BACKUP_CORRUPT' });
  }
  const controller = new AbortController();
  const endless = new PassThrough();
  endless.on('error', () => {});
  endless.write(dump.subarray(0, 1000));
  const loading = load(endless, 'database', controller.signal);
  setTimeout(() => {
    controller.abort();
    endless.destroy(new Error('given up'));
  }, 3_000);
  await assert.rejects(loading);
  assert.equal(await stand.psql('select count(*) from goods'), '500');
  await assertNothingLeft();
});

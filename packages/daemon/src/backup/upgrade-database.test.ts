import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listContainers } from '../engine/index.ts';
import { getDatabase, listKeptVolumes } from '../store/index.ts';
import { removeKeptVolume } from './kept-volumes.ts';
import { dataStand } from './test-bed/data-stand.ts';
import { upgradeDatabase } from './upgrade-database.ts';

const { engine, store, config, daemon, owner, redis } = await dataStand('upgrades');
const upgrade = (to: string) => upgradeDatabase(daemon, { config, environment: 'production', role: 'redis', to, startedBy: 'test', say() {} });

test('an older version is refused, an unknown one with those that there are, and the old one takes writes', async () => {
  await redis('set', 'greeting', 'hello');
  await assert.rejects(upgrade('6'), { code: 'CONFLICT' });
  await assert.rejects(upgrade('99'), { code: 'IMAGE_UNAVAILABLE', hint: /8, 7, 6/ });
  assert.equal(await redis('set', 'still', 'writable'), 'OK');
});

test('an upgrade keeps every key, takes writes again, and keeps the old data until told', async () => {
  const before = getDatabase(store, 'shop', 'production', 'redis')!;
  const done = await upgrade('8');
  assert.deepEqual([done.from, done.to, done.oldVolume], ['7', '8', before.volume]);
  assert.match(await redis('info', 'server'), /redis_version:8\.|valkey_version:8\./);
  assert.equal(await redis('get', 'greeting'), 'hello');
  assert.equal(await redis('set', 'after', 'the upgrade'), 'OK');
  assert.equal(getDatabase(store, 'shop', 'production', 'redis')?.upgradedFrom, '7');
  assert.deepEqual(listKeptVolumes(store, 'shop', 'production').map(({ volume, version }) => [volume, version]), [[before.volume, '7']]);
  assert.deepEqual(await listContainers(engine, { role: 'scratch' }), []);
  await removeKeptVolume(daemon, owner, before.volume);
  await assert.rejects(removeKeptVolume(daemon, owner, before.volume), { code: 'NOT_FOUND' });
});

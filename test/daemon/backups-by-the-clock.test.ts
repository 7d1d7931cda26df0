import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createBackupWorld, type BackupWorld } from '../world/backup-world.ts';

let world: BackupWorld;

before(async () => {
  world = await createBackupWorld();
});
after(() => world?.close());

test('by the clock a backup is made, proven, and older ones of its kind go', async () => {
  await world.apply({ every: '1h', keep: 1, verify: '1m' });
  const until = Date.now() + 150_000;
  for (;;) {
    const made = (await world.call('backup.list', { project: 'shop', environment: 'production' })).find((one) => one.reason === 'schedule');
    if (made?.proof === 'proven') break;
    assert.ok(Date.now() < until, JSON.stringify(made));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await world.assertNoScratch();
  await world.apply();
});

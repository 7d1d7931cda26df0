import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { dataTransitions } from '@redcontrol/daemon';
import { createBackupWorld, type BackupWorld } from './backup-world.ts';

/** Tests that kill the daemon before and after each of these steps of a restore, which begins with a backup. */
export function testKilledRestores(transitions: readonly (typeof dataTransitions)[number][]): void {
  let world: BackupWorld;

  before(async () => {
    world = await createBackupWorld();
    await world.psql('staging', "create table orders (id serial primary key, note text); insert into orders (note) select 'order ' || n from generate_series(1, 1000) n");
  });
  after(() => world?.close());

  for (const moment of transitions.flatMap((name) => [`${name}:before`, `${name}:after`])) {
    test(`killed at ${moment}: no half backup, no database left over, and the data are those of before or of the backup`, async () => {
      const point = await world.create('staging');
      await world.psql('staging', 'delete from orders');
      await world.kill('SIGTERM');
      await world.start({ REDCONTROL_KILL_AT: moment });
      const client = await world.client();
      await assert.rejects(client.call('backup.restore', { project: 'shop', backup: point.id, environment: 'staging' }));
      await world.ended();
      await world.start();
      await world.client();
      const isSwitched = moment === 'data.switched:after' || moment.startsWith('data.ended');
      assert.equal(await world.psql('staging', 'select count(*) from orders'), isSwitched ? '1000' : '0');
      await world.assertNoScratch();
      assert.ok((await world.call('backup.list', { project: 'shop', environment: 'staging' })).every((one) => one.state !== 'making'));
      if (!isSwitched) await world.call('backup.restore', { project: 'shop', backup: point.id, environment: 'staging' });
      assert.equal(await world.psql('staging', 'select count(*) from orders'), '1000');
    });
  }
}

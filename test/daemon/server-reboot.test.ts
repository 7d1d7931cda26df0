import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startShop, version, type LiveShop } from '../world/live-shop.ts';

let live: LiveShop;

before(async () => {
  live = await startShop('reboot', { database: { engine: 'postgres', version: 15 } });
});
after(() => live?.remove());

test('the server is rebooted: what was live is live, with its data', async () => {
  const psql = (statement: string) => live.out(`docker exec rc-default-shop--production--db psql -U app -d app -h 127.0.0.1 -tAc "${statement}"`);
  await psql('CREATE TABLE orders (number int); INSERT INTO orders VALUES (7)');
  await live.server.reboot();
  assert.equal(await live.production(), 'v0');
  assert.equal(await psql('SELECT number FROM orders'), '7');
  const { environments } = await live.call('project.show', { project: 'shop' });
  assert.deepEqual(environments.map(({ health, database }) => [health, database?.state]), [['up', 'ready']]);
  const commit = await live.push(version('v1'));
  await live.succeeds(commit);
  assert.equal(await live.production(), 'v1');
  await live.assertOneEnd(commit);
});

test('the server is rebooted while a step runs: the run begins again and has one true verdict', async () => {
  const commit = await live.push({ ...version('v2'), 'check.sh': 'sleep 6\n' });
  await live.untilRun(commit, live.isChecking);
  await live.server.reboot();
  assert.equal(await live.production(), 'v1');
  assert.equal((await live.succeeds(commit)).attempt, 2);
  assert.equal(await live.production(), 'v2');
  await live.assertOneEnd(commit);
});

test('the server is rebooted while a release is watched: one true verdict, and the app answers', async () => {
  const commit = await live.push({ ...version('v3'), 'check.sh': 'true\n' });
  await live.untilRun(commit, live.newestReleaseIs('watching'));
  await live.server.reboot();
  await live.succeeds(commit);
  assert.equal(await live.production(), 'v3');
  await live.assertOneEnd(commit);
});

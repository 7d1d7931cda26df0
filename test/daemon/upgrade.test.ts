import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execInContainer, listContainers, listVolumes, openEngine } from '@redcontrol/daemon';
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
  await apply(15);
  await psql("create table orders (id serial primary key, note text); insert into orders (note) select 'x' from generate_series(1, 300)");
});
after(() => world.close());

const apply = (version: number) => world.call('project.apply', {
  config: stringify({
    project: 'shop', repository: url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h', branches: ['none'] },
    environments: { production: { deploy: { branch: 'none' }, database: { engine: 'postgres', version } } },
  }),
});
const upgrade = (to: string) => world.call('database.upgrade', { project: 'shop', environment: 'production', to });
const kept = () => world.call('database.kept', { project: 'shop', environment: 'production' });

async function psql(statement: string): Promise<string> {
  let said = '';
  const { exitCode } = await execInContainer(engine, { container: `rc-${world.instance}-shop--production--db`, command: ['psql', '-qAt', '-U', 'app', '-d', 'app', '-c', statement], onOutput: (chunk) => void (said += chunk.toString()), timeoutMs: 60_000 });
  assert.equal(exitCode, 0, said);
  return said.trim();
}

test('an older or unknown version is refused with the known ones named, and nothing is changed', async () => {
  await assert.rejects(apply(17), { code: 'DATABASE_UPGRADE_REFUSED', hint: /redcontrol database upgrade -e production --to 17/ });
  await assert.rejects(upgrade('13'), { code: 'CONFLICT' });
  await assert.rejects(upgrade('99'), { code: 'IMAGE_UNAVAILABLE', hint: /17, 15, 13/ });
  assert.equal(await psql('select count(*) from orders'), '300');
  await psql("insert into orders (note) values ('writable')");
  assert.deepEqual(await kept(), []);
});

test('a daemon that is killed before the change-over leaves the old version, writable, and no other', async () => {
  await world.kill('SIGTERM');
  await world.start({ REDCONTROL_KILL_AT: 'data.switched:before' });
  const client = await world.client();
  await assert.rejects(client.call('database.upgrade', { project: 'shop', environment: 'production', to: '17' }));
  await world.ended();
  await world.start();
  await world.client();
  await psql("insert into orders (note) values ('after the kill')");
  assert.match(await psql('show server_version'), /^15/);
  assert.deepEqual((await listContainers(engine, { role: 'scratch' })).map(({ name }) => name), []);
  assert.equal((await listVolumes(engine, { project: 'shop' })).filter(({ labels }) => labels['redcontrol.operation']).length, 0);
});

test('an upgrade keeps every row, takes writes again, and keeps the old data until told', async () => {
  const done = await upgrade('17');
  assert.deepEqual([done.from, done.to], ['15', '17']);
  assert.match(await psql('show server_version'), /^17/);
  assert.equal(await psql("insert into orders (note) values ('new') returning id"), '303');
  assert.equal(await psql('select count(*) from orders'), '303');
  assert.equal((await world.call('backup.show', { project: 'shop', backup: done.backup })).reason, 'upgrade');
  assert.deepEqual((await kept()).map(({ volume, version }) => [volume, version]), [[done.oldVolume, '15']]);
  // The configuration that still names the old version is not refused; the one with the new is what comes next.
  await apply(15);
  await apply(17);
  assert.equal(await psql('select count(*) from orders'), '303');
  await world.call('database.forget', { project: 'shop', environment: 'production', volume: done.oldVolume });
  assert.deepEqual(await kept(), []);
  await assert.rejects(world.call('database.forget', { project: 'shop', environment: 'production', volume: done.oldVolume }), { code: 'NOT_FOUND' });
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execInContainer, listContainers, listNetworks, listVolumes, openEngine } from '@redcontrol/daemon';
import { stringify } from 'yaml';
import { databaseApp } from '../world/database-app.ts';
import { createWorld, type World } from '../world/world.ts';
import type { TestRepository } from '../world/repository.ts';

let world: World;
let engine: ReturnType<typeof openEngine>;
let origin: TestRepository;
let port = 0;

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  engine = openEngine({ instance: world.instance });
  origin = await world.repository('shop', await databaseApp());
  port = await world.freePort();
  await apply({});
});
after(() => world.close());

const apply = (database: object) => world.call('project.apply', {
  config: stringify({
    project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' }, processes: { web: { health: { path: '/', timeout: '20s' } } },
    environments: { production: { deploy: { branch: 'main' }, port, watch: '1s', drain: '1s', database: { engine: 'postgres', version: 15, ...database } } },
  }),
});

async function push(files: Record<string, string>) {
  const commit = await origin.push(files);
  await world.call('source.look', { project: 'shop' });
  const run = await world.verdict('shop', commit);
  const { steps } = await world.call('run.show', { run: run.id });
  const deploy = steps.find((step) => step.name === 'deploy production');
  const { data } = await world.call('log.read', { run: run.id, step: deploy!.index, offset: 0 });
  return { run, log: Buffer.from(data, 'base64').toString() };
}

const answer = async () => (await fetch(`http://127.0.0.1:${port}/`)).text();
const backups = () => world.call('backup.list', { project: 'shop', environment: 'production' });

async function psql(statement: string): Promise<string> {
  let said = '';
  const { exitCode } = await execInContainer(engine, { container: `rc-${world.instance}-shop--production--db`, command: ['psql', '-qAt', '-U', 'app', '-d', 'app', '-c', statement], onOutput: (chunk) => void (said += chunk.toString()), timeoutMs: 60_000 });
  assert.equal(exitCode, 0, said);
  return said.trim();
}

async function assertNothingLeft(): Promise<void> {
  assert.deepEqual((await listContainers(engine, { role: 'scratch' })).map(({ name }) => name), []);
  assert.deepEqual(await listNetworks(engine, { role: 'scratch' }), []);
  const used = new Set((await listContainers(engine, { role: 'database' })).map(({ labels }) => labels['redcontrol.volume']));
  assert.deepEqual((await listVolumes(engine)).filter(({ name, labels }) => labels['redcontrol.operation'] !== undefined && !used.has(name)), []);
}

test('the first release finds no data to rehearse with; the next is rehearsed and backed up before it', async () => {
  const head = await origin.git('rev-parse', 'HEAD');
  await world.call('source.look', { project: 'shop' });
  const first = await world.verdict('shop', head);
  assert.equal(first.status, 'succeeded', JSON.stringify(first.error));
  assert.deepEqual(await backups(), []);
  await psql("insert into orders (note) select 'order' from generate_series(1, 500)");

  const { run, log } = await push({ 'migrations/2.sql': "alter table orders add column state text not null default 'new'", 'query.sql': "select count(*) || ' ' || min(state) as answer from orders" });
  assert.equal(run.status, 'succeeded', log);
  assert.match(log, /Rehearsal: .* copied in .* \(by a dump\)\. Migrating the copy\.\nmigrated\nRehearsal: the migration took \S+ on the copy, the app answered on it after \S+\.\n/);
  assert.match(log, /Backup \d+ of the data before the migration: .*\nMigrating: .*\nmigrated\n/);
  assert.equal(await answer(), '500 new');
  const [backup] = await backups();
  assert.deepEqual([backup!.reason, backup!.release, backup!.files[0]!.rows.find((row) => row.table === 'public.orders')?.most], ['migration', 2, 500]);
  await assertNothingLeft();
});

test('a migration that only real data break fails in the rehearsal: no backup, no migration, production serves', async () => {
  const before = (await backups()).length;
  const { run, log } = await push({ 'migrations/3.sql': 'alter table orders add column price int not null' });
  assert.deepEqual([run.status, run.error?.code], ['failed', 'MIGRATION_FAILED'], log);
  assert.match(run.error!.hint!, /this was a rehearsal on a copy/);
  assert.match(log, /contains null values/);
  assert.equal((await backups()).length, before);
  assert.equal(await psql("select count(*) from information_schema.columns where table_name = 'orders' and column_name = 'price'"), '0');
  assert.equal(await answer(), '500 new');
  await assertNothingLeft();
});

test('an app that does not start on the migrated data fails in the rehearsal', async () => {
  const { run, log } = await push({ 'migrations/3.sql': 'select 1', 'query.sql': "select count(*) / (count(*) - 500) as answer from orders" });
  assert.deepEqual([run.status, run.error?.code], ['failed', 'RELEASE_NOT_READY'], log);
  assert.match(run.error!.message, /^In the rehearsal/);
  assert.equal(await psql("select string_agg(name, ' ' order by name) from applied"), '1.sql 2.sql');
  assert.equal(await answer(), '500 new');
  await assertNothingLeft();
});

test('a disk without room for the copy fails the run before anything, and says what to free', async () => {
  await world.kill('SIGTERM');
  await world.start({ REDCONTROL_DISK_RESERVE_BYTES: String(2 ** 60) });
  const { run } = await push({ 'query.sql': "select count(*) || ' ' || min(state) as answer from orders", 'note.txt': 'full' });
  assert.deepEqual([run.status, run.error?.code], ['failed', 'DISK_FULL']);
  assert.match(run.error!.hint!, /redcontrol backup list/);
  assert.equal(await answer(), '500 new');
  await assertNothingLeft();
  await world.kill('SIGTERM');
  await world.start();
});

test('a daemon that is killed in the middle of a rehearsal leaves no copy behind, and the run begins again', async () => {
  await world.kill('SIGTERM');
  await world.start({ REDCONTROL_KILL_AT: 'data.ended:before' });
  await world.client();
  const commit = await origin.push({ 'note.txt': 'killed' });
  await world.call('source.look', { project: 'shop' }).catch(() => {});
  await world.ended();
  await world.start();
  const run = await world.verdict('shop', commit);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  assert.equal(await answer(), '500 new');
  await assertNothingLeft();
});

test('a rollback over a migration takes the app alone, or the app with the data from before it, and says what is lost', async () => {
  await psql("insert into orders (note) select 'later' from generate_series(1, 7)");
  const releases = await world.call('release.list', { project: 'shop', environment: 'production' });
  const first = releases.find((release) => release.number === 1)!;
  assert.equal(first.available, true);
  const choices = await world.call('release.rollback-choices', { project: 'shop', environment: 'production', release: 1 });
  assert.equal(choices.backup?.release, 2);
  assert.deepEqual(choices.changes.filter(({ table }) => table === 'public.orders'), [{ table: 'public.orders', before: 500, now: 507 }]);

  const back = async (backup?: number) => {
    const { id } = await world.call('release.rollback', { project: 'shop', environment: 'production', release: 1, ...(backup ? { backup } : {}) });
    for (;;) {
      const run = await world.call('run.show', { run: id });
      if (run.finishedAt !== null) return run;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const withData = await back(choices.backup!.id);
  assert.equal(withData.status, 'succeeded', JSON.stringify(withData.error));
  assert.equal(await answer(), '500');
  assert.equal(await psql("select count(*) from information_schema.columns where table_name = 'orders' and column_name = 'state'"), '0');
  const [safety] = await backups();
  assert.deepEqual([safety!.reason, safety!.files[0]!.rows.find((row) => row.table === 'public.orders')?.most], ['restore', 507]);
  await world.call('backup.restore', { project: 'shop', backup: safety!.id, environment: 'production' });
  assert.equal(await psql('select count(*) from orders'), '507');
});

test('only the configuration leaves the rehearsal and the backup out', async () => {
  await apply({ rehearsal: false, backup: false });
  const before = (await backups()).length;
  const { run, log } = await push({ 'note.txt': 'quick' });
  assert.equal(run.status, 'succeeded', log);
  assert.match(log, /No rehearsal: `rehearsal: false`\.\nNo backup before the migration: `backup: false`\./);
  assert.equal((await backups()).length, before);
});

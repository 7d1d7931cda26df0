import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataStand } from '../backup/test-bed/data-stand.ts';
import { inspectContainer, listContainers, listNetworks, listVolumes } from '../engine/index.ts';
import { databaseContainer } from '../environment/index.ts';
import { listBackups, type StoredRelease } from '../store/index.ts';
import { prepareMigration } from './prepare-migration.ts';
import type { ReleaseSnapshot } from './release-snapshot.ts';

const { engine, store, config, daemon, variables, owner, psql } = await dataStand('rehearsals');
/** The database's own image stands for an app's: it has a shell, psql and Perl. */
const imageId = (await inspectContainer(engine, databaseContainer(daemon, { ...owner, role: 'database' })))!.imageId;
const release = { ...owner, id: 2, number: 2, runId: 7, commit: 'c0ffee', imageId } as StoredRelease;

/** Answers with what a query gives, 500 when it fails. */
const server = (query: string) => `perl -MIO::Socket::INET -e '
  my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 5, ReuseAddr => 1) or die;
  while (my $client = $server->accept) {
    while (<$client>) { last if /^\\r?$/ }
    my $answer = \`psql -qAt -v ON_ERROR_STOP=1 -c "${query}" 2>&1\`;
    print $client "HTTP/1.1 " . ($? ? 500 : 200) . " x\\r\\ncontent-length: " . length($answer) . "\\r\\nconnection: close\\r\\n\\r\\n$answer";
    close $client;
  }'`;

function snapshot(migrate: string, query: string): ReleaseSnapshot {
  return {
    variables: { ...variables, PORT: '8080' }, port: 8080, migrate: `psql -v ON_ERROR_STOP=1 -c "${migrate}"`, volumes: {}, drainMs: 0, watchMs: 0, ownDockerfile: false,
    health: { path: '/', statuses: [200], timeoutMs: 15_000, intervalMs: 200 },
    processes: [{ name: 'web', command: server(query), instances: 1, memoryBytes: 256 * 1024 ** 2, cpus: undefined, handover: 'start-first', stopSignal: 'SIGTERM', stopMs: 1000, variables: {} }],
  } as unknown as ReleaseSnapshot;
}

async function prepare(migrate: string, query: string, change: object = {}): Promise<string> {
  const said: string[] = [];
  const database = { ...config.environments.production!.database!, ...change };
  const changed = { ...config, environments: { production: { ...config.environments.production!, database } } };
  await prepareMigration(daemon, { config: changed, release, snapshot: snapshot(migrate, query), say: (text) => void said.push(text), output: (chunk) => void said.push(chunk.toString().trim()), signal: new AbortController().signal });
  return said.join('\n');
}

async function assertNothingLeft(): Promise<void> {
  assert.deepEqual((await listContainers(engine, { role: 'scratch' })).map(({ name }) => name), []);
  assert.deepEqual(await listNetworks(engine, { role: 'scratch' }), []);
  assert.deepEqual((await listVolumes(engine)).filter(({ labels }) => labels['redcontrol.operation'] !== undefined), []);
}

test('an empty database has nothing to rehearse with', async () => {
  assert.match(await prepare('select 1', 'select 1'), /^The database is empty/);
  assert.deepEqual(listBackups(store, { ...owner, limit: 10 }), []);
  await psql("create table orders (id serial primary key, note text); insert into orders (note) select 'x' from generate_series(1, 100)");
});

test('a migration is tried on a copy, its times are told, the data are backed up, and the original is as it was', async () => {
  const said = await prepare("alter table orders add column state text not null default 'new'", 'select min(state) from orders');
  assert.match(said, /Rehearsal: .* copied in .* \(by a dump\)\. Migrating the copy\.\nALTER TABLE\nRehearsal: the migration took \S+ on the copy, the app answered on it after \S+\.\n[^]*Backup 1 of the data before the migration/);
  assert.equal(await psql("select count(*) from information_schema.columns where table_name = 'orders' and column_name = 'state'"), '0');
  const [backup] = listBackups(store, { ...owner, limit: 10 });
  assert.deepEqual([backup?.reason, backup?.release, backup?.files[0]?.rows[0]?.most], ['migration', 2, 100]);
  await assertNothingLeft();
});

test('a migration that only the real data break fails in the rehearsal, before any backup', async () => {
  await assert.rejects(prepare('alter table orders add column price int not null', 'select 1'), { code: 'MIGRATION_FAILED', hint: /this was a rehearsal on a copy/ });
  assert.equal(listBackups(store, { ...owner, limit: 10 }).length, 1);
  assert.equal(await psql("select count(*) from information_schema.columns where table_name = 'orders' and column_name = 'price'"), '0');
  await assertNothingLeft();
});

test('an app that does not answer on the migrated data fails in the rehearsal', async () => {
  await assert.rejects(prepare('alter table orders rename column note to text', 'select note from orders'), { code: 'RELEASE_NOT_READY', message: /^In the rehearsal/ });
  assert.equal(await psql('select min(note) from orders'), 'x');
  await assertNothingLeft();
});

test('a disk without room for the copy fails before anything', async () => {
  const { options } = daemon as { options: { diskReserveBytes: number } };
  options.diskReserveBytes = 2 ** 60;
  await assert.rejects(prepare('select 1', 'select 1'), { code: 'DISK_FULL', hint: /redcontrol backup list/ });
  options.diskReserveBytes = 0;
  await assertNothingLeft();
});

test('only the configuration leaves rehearsal and backup out', async () => {
  assert.equal(await prepare('select 1', 'select 1', { rehearsal: false, backup: false }), 'No rehearsal: `rehearsal: false`.\nNo backup before the migration: `backup: false`.');
});

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { testEngine, testImages } from '../../../test/test-engine.ts';
import {
  containerLogs, ensureVolume, execInContainer, inspectContainer, killContainer, removeContainer, startContainer, stopContainer,
} from '../../engine/index.ts';
import { recipeVersions } from './find-recipe.ts';

const engine = testEngine('databases');
const images = testImages(engine);

interface Database {
  kind: 'postgres' | 'mariadb' | 'redis';
  data: string;
  variables: Record<string, string>;
  command?: string[];
  /** A client's command that gives what `ask` answers, over the network and with the password. */
  client(statement: string): string[];
  write: string;
  read: string;
  /** Its answer. */
  answer: string;
}

const password = `it's "a" $secret\\ %`;
const databases: Database[] = [
  {
    kind: 'postgres',
    data: '/var/lib/postgresql/data',
    variables: { POSTGRES_USER: 'shop', POSTGRES_PASSWORD: password, POSTGRES_DB: 'my "shop"' },
    client: (statement) => ['env', `PGPASSWORD=${password}`, 'psql', '--host=database', '--username=shop', '--dbname=my "shop"', '-Atc', statement],
    write: 'create table t (n int); insert into t values (42)',
    read: 'select n from t',
    answer: '42',
  },
  {
    kind: 'mariadb',
    data: '/var/lib/mysql',
    variables: { MARIADB_USER: 'shop', MARIADB_PASSWORD: password, MARIADB_DATABASE: 'my_shop', MARIADB_ROOT_PASSWORD: `root ${password}` },
    client: (statement) => ['env', `MYSQL_PWD=${password}`, 'mariadb', '--host=database', '--user=shop', '--skip-ssl', '--batch', '--skip-column-names', '--execute', statement, 'my_shop'],
    write: 'create table t (n int); insert into t values (42)',
    read: 'select n from t',
    answer: '42',
  },
  {
    kind: 'redis',
    data: '/data',
    variables: {},
    command: ['redis-server', '--requirepass', password],
    client: (statement) => ['env', `REDISCLI_AUTH=${password}`, 'redis-cli', '-h', 'database', ...statement.split(' ')],
    write: 'set n 42',
    read: 'get n',
    answer: '42',
  },
];

for (const database of databases) {
  for (const version of recipeVersions(database.kind)) {
    test(`${database.kind} ${version} is made once, keeps its data over a kill and a clean stop, and is unprivileged`, (context) =>
      lifeOf(context, database, version));
  }
  test(`${database.kind}: a kill at any moment of the first start leaves a database that comes up`, (context) => killsOf(context, database));
}

async function lifeOf(context: TestContext, database: Database, version: string): Promise<void> {
  const stand = await standOf(context, database, version);
  let id = await stand.start();
  await stand.ready(id);
  await stand.ask(id, database.write);
  assert.match(await stand.output(id, ['sh', '-c', 'grep -E "^(Uid|CapEff)" /proc/1/status']), /Uid:\s+999\s+999\s+999[^]*CapEff:\s+0000000000000000/);
  assert.ok(!(await stand.output(id, ['cat', '/proc/1/environ'])).includes('secret'), 'the password is in the server\'s environment');
  await assert.rejects(stand.ask(id, database.read, 'wrong password'));

  await stopContainer(engine, id, { timeoutMs: 20_000 });
  assert.notEqual((await inspectContainer(engine, id))?.exitCode, 137, 'it did not end by itself');
  await removeContainer(engine, id);
  id = await stand.start();
  await stand.ready(id);
  assert.equal(await stand.ask(id, database.read), database.answer);
  if (database.kind === 'redis') return;

  await killContainer(engine, id);
  await removeContainer(engine, id);
  id = await stand.start();
  await stand.ready(id);
  assert.equal(await stand.ask(id, database.read), database.answer);
}

/** Kills the first start after growing times, each on the volume that the last one left; then lets it come up. */
async function killsOf(context: TestContext, database: Database): Promise<void> {
  const stand = await standOf(context, database, recipeVersions(database.kind)[0]!);
  for (const afterMs of [50, 150, 300, 500, 700, 900, 1100, 1300, 1600, 2000]) {
    const id = await stand.start();
    await delay(afterMs);
    await killContainer(engine, id);
    await removeContainer(engine, id);
  }
  const id = await stand.start();
  await stand.ready(id);
  await stand.ask(id, database.write);
  assert.equal(await stand.ask(id, database.read), database.answer);
}

async function standOf(context: TestContext, database: Database, version: string) {
  const image = await images.ensure({ kind: database.kind, version });
  const name = `${engine.instance}-${database.kind}-${version}-${Math.random().toString(36).slice(2, 8)}`;
  await ensureVolume(engine, name, { role: 'volume' });
  context.after(() => removeContainer(engine, name));
  const output = async (id: string, command: string[]) => {
    let text = '';
    const result = await execInContainer(engine, { container: id, command, onOutput: (chunk) => void (text += chunk.toString()), timeoutMs: 20_000 });
    if (result.exitCode !== 0) throw new Error(`${command[0]} ended with ${result.exitCode}: ${text}`);
    return text.trim();
  };
  const ask = (id: string, statement: string, other?: string) =>
    output(id, database.client(statement).map((word) => (other === undefined ? word : word.replace(password, other)))).then((text) => {
      if (/NOAUTH|WRONGPASS/.test(text)) throw new Error(text);
      return text;
    });
  return {
    ask,
    output,
    async start() {
      const started = await startContainer(engine, {
        name, image, variables: database.variables, labels: { role: 'database' }, aliases: ['database'], extraHosts: { database: '127.0.0.1' },
        mounts: [{ kind: 'volume', source: name, target: database.data }], ...(database.command ? { command: database.command } : {}),
      });
      return started.id;
    },
    async ready(id: string) {
      const probe = database.kind === 'redis' ? 'ping' : 'select 1';
      for (let tries = 0; tries < 200; tries++) {
        if (await ask(id, probe).then(() => true, () => false)) return;
        if (!(await inspectContainer(engine, id))?.running) break;
        await delay(100);
      }
      assert.fail(`not ready: ${await containerLogs(engine, id, { lines: 30 })}`);
    },
  };
}

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { BackupRecord } from '@redcontrol/contract';
import { execInContainer, inspectContainer, listContainers, listVolumes, openEngine, removeContainer, startContainer } from '@redcontrol/daemon';
import { stringify } from 'yaml';
import { sampleApp } from './sample-app.ts';
import { createWorld, type World } from './world.ts';

/** A daemon with a project of three environments whose databases run and have data; nothing is deployed. */
export interface BackupWorld extends World {
  engine: ReturnType<typeof openEngine>;
  /** Applies the configuration again; without `backup` nothing is made by the clock. */
  apply(backup?: object): Promise<void>;
  create(environment: string): Promise<BackupRecord>;
  /** Where a file of a local backup lies. */
  pathOf(backup: number, file: string, environment?: string): string;
  psql(environment: string, statement: string): Promise<string>;
  mariadb(environment: string, statement: string): Promise<string>;
  redis(environment: string, ...words: string[]): Promise<string>;
  /** Runs a script in a container that has the volume of files in /data. */
  inVolume(environment: string, script: string): Promise<string>;
  /** No container, and not more volumes than are kept, of what was done with data. */
  assertNoScratch(): Promise<void>;
}

export async function createBackupWorld(): Promise<BackupWorld> {
  const world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  try {
    const { url } = await world.repository('shop', sampleApp('v1'));
    const made: BackupWorld = { ...world, ...data(world, url) };
    await made.apply();
    await fill(made);
    return made;
  } catch (error) {
    await world.close();
    throw error;
  }
}

async function fill({ psql, redis, mariadb, inVolume }: BackupWorld): Promise<void> {
  await psql('production', `create table orders (id serial primary key, note text); insert into orders (note) select 'order ' || n from generate_series(1, 1000) n;
    create schema "odd|one"; create table "odd|one"."it's" (n int); insert into "odd|one"."it's" values (1), (2)`);
  await redis('production', 'set', 'greeting', 'hello');
  await redis('production', 'set', 'fleeting', 'x', 'ex', '3600');
  await mariadb('test', "create table goods (id int primary key, note text); insert into goods values (1, 'one'), (2, 'zwei'), (3, 'три'); create trigger t before insert on goods for each row set new.note = concat(new.note, '!')");
  await inVolume('production', 'mkdir -p /data/sub && echo first > /data/sub/picture.txt && chown -R 10001:10001 /data');
}

function data(world: World, url: string): Omit<BackupWorld, keyof World> {
  const engine = openEngine({ instance: world.instance });
  const containerOf = (environment: string, host: string) => `rc-${world.instance}-shop--${environment}--${host}`;
  const inside = async (container: string, command: string[]) => {
    let said = '';
    const { exitCode } = await execInContainer(engine, { container, command, onOutput: (chunk) => void (said += chunk.toString()), timeoutMs: 60_000 });
    assert.equal(exitCode, 0, said);
    return said.trim();
  };
  return {
    engine,
    async apply(backup) {
      await world.call('project.apply', { config: configText(url, backup) });
    },
    create: (environment) => world.call('backup.create', { project: 'shop', environment }),
    pathOf: (backup, file, environment = 'production') => join(world.directory, 'data', 'backups', 'shop', environment, String(backup), file),
    psql: (environment, statement) => inside(containerOf(environment, 'db'), ['psql', '-qAt', '-U', 'app', '-d', 'app', '-v', 'ON_ERROR_STOP=1', '-c', statement]),
    mariadb: (environment, statement) => inside(containerOf(environment, 'db'), ['mariadb', '--user=app', '--batch', '--skip-column-names', '--default-character-set=utf8mb4', 'app', '--execute', statement]),
    redis: (environment, ...words) => inside(containerOf(environment, 'redis'), ['redis-cli', ...words]),
    async inVolume(environment, script) {
      const database = await inspectContainer(engine, containerOf(environment, 'db'));
      const name = `rc-${world.instance}-look`;
      await startContainer(engine, { name, image: database!.imageId, entrypoint: [], command: ['sleep', '60'], user: '0:0', labels: { role: 'service' }, network: 'none', capabilities: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'], mounts: [{ kind: 'volume', source: `rc-${world.instance}-shop--${environment}--media`, target: '/data' }] });
      try {
        return await inside(name, ['sh', '-c', script]);
      } finally {
        await removeContainer(engine, name);
      }
    },
    async assertNoScratch() {
      assert.deepEqual((await listContainers(engine, { role: 'scratch' })).map(({ name }) => name), []);
      const used = new Set((await listContainers(engine, { role: 'database' })).map(({ labels }) => labels['redcontrol.volume']));
      const operations = (await listVolumes(engine)).filter(({ labels }) => labels['redcontrol.operation'] !== undefined);
      // What a restore replaced is kept; anything else made for an operation has to be in use.
      const strays = operations.filter(({ name }) => !used.has(name));
      assert.ok(strays.length <= 6, strays.map(({ name }) => name).join(' '));
    },
  };
}

function configText(url: string, backup: object | undefined): string {
  return stringify({
    project: 'shop', repository: url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h', branches: ['none'] }, volumes: { media: '/app/media' },
    environments: {
      production: { deploy: { branch: 'none' }, database: { engine: 'postgres', version: 15, ...(backup ? { backup } : {}) }, redis: { version: 7 } },
      staging: { deploy: { branch: 'none' }, database: { engine: 'postgres', version: 15 }, redis: { version: 7 } },
      test: { deploy: { branch: 'none' }, database: { engine: 'mariadb', version: '10.11' } },
    },
  });
}

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { listContainers, openEngine } from '@redcontrol/daemon';
import { runOrThrow } from '@redcontrol/system';
import { shutdownMs } from '../../packages/daemon/src/machine/launch-machine.ts';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import type { TestRepository } from '../world/repository.ts';
import { createWorld, type World } from '../world/world.ts';
import { runningLinks } from './machine-world.ts';
import { sharedMachines } from './shared-machines.ts';

let world: World;
let origin: TestRepository;
let port: number;
let linksBefore: string[];
const patienceMs = 900_000;

before(async () => {
  linksBefore = await runningLinks();
  world = await createWorld({ REDCONTROL_MACHINES_DIRECTORY: await sharedMachines(), REDCONTROL_WARM_COUNT: '0' });
  const demo = (name: string) => readFile(join(import.meta.dirname, '../../demo/app', name), 'utf8');
  origin = await world.repository('shop', { ...sampleApp('v1'), 'package.json': await demo('package.json'), 'package-lock.json': await demo('package-lock.json'), 'server.js': server });
  port = await world.freePort();
});
after(async () => {
  await world.call('project.remove', { project: 'shop', data: true }).catch(() => {});
  await world.close();
});

/** Counts what it was asked for in its database and on its volume. */
const server = `import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import pg from 'pg';
import { version } from './version.js';
const database = new pg.Pool({ connectionString: process.env.DATABASE_URL });
database.on('error', () => {});
await database.query('CREATE TABLE IF NOT EXISTS visits (at timestamptz)');
const server = createServer(async (request, response) => {
  if (request.url === '/stream') return response.write(version);
  if (request.url !== '/visit') return response.end(version);
  appendFileSync('/data/visits', '.');
  await database.query('INSERT INTO visits VALUES (now())');
  const { rows } = await database.query('SELECT count(*) FROM visits');
  response.end(rows[0].count + ' ' + readFileSync('/data/visits').length);
});
server.listen(Number(process.env.PORT ?? 3000));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

const get = async (path = '/') => (await fetch(`http://127.0.0.1:${port}${path}`)).text();

test('an app is deployed into a virtual machine of its environment', async () => {
  await world.call('project.apply', {
    config: stringify({
      project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' }, pipeline: [], limits: { cpus: 2 },
      processes: { web: { memory: '128M', health: { timeout: '5m' } } }, volumes: { files: '/data' },
      environments: { production: { deploy: { branch: 'main' }, port, isolation: 'vm', drain: '1h', watch: '1s', database: { engine: 'postgres', version: 15 } } },
    }),
  });
  const run = await world.verdict('shop', await origin.git('rev-parse', 'HEAD'), patienceMs);
  assert.equal(run.status, 'succeeded', `${JSON.stringify(run.error)}\n${world.daemonLog().slice(-3000)}`);
  assert.equal(await get(), 'v1');
  assert.equal(await get('/visit'), '1 1');
  assert.equal((await runningLinks()).filter((link) => !linksBefore.includes(link)).length, 1);
  assert.deepEqual(await listContainers(openEngine({ instance: world.instance }), { environment: 'production' }), [], 'nothing of it is on the server’s engine');
});

test('the next version takes over without a lost request', async () => {
  const streamed = (await fetch(`http://127.0.0.1:${port}/stream`)).body!.getReader();
  assert.equal(new TextDecoder().decode((await streamed.read()).value), 'v1');
  let [asked, lost, stop] = [0, 0, false];
  const asking = (async () => {
    while (!stop) {
      asked += 1;
      await fetch(`http://127.0.0.1:${port}/`).then(async (response) => response.ok || (lost += 1), () => (lost += 1));
      await delay(50);
    }
  })();
  const run = await world.verdict('shop', await origin.push(setVersion('v2')), patienceMs);
  stop = true;
  await asking;
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  assert.equal(await get(), 'v2');
  assert.ok(asked > 20);
  assert.equal(lost, 0, `${lost} of ${asked} lost`);
  assert.equal((await webContainers()).length, 2, 'the old version stands as long as somebody listens to it');
});

test('the machine goes on without the daemon, and is found again', async () => {
  await world.kill();
  assert.equal(await get(), 'v2');
  await world.start();
  await world.client();
  assert.equal(await get(), 'v2');
});

test('a machine that died comes back from its data disk, and gets its traffic', async () => {
  process.kill(Number(await readFile(join(await machineDirectory(), 'pid'), 'utf8')), 'SIGKILL');
  await untilAnswers('v2');
  assert.equal(await get('/visit'), '2 2', 'the database and the volume are as they were');
  for (const until = Date.now() + patienceMs; (await webContainers()).length > 1 && Date.now() < until; ) await delay(1000);
  assert.equal((await webContainers()).length, 1, 'the old version, whose listeners are gone, was stopped in the machine that came back');
});

test('a machine that the server shuts down ends by itself, its disk is whole, and it comes back with the daemon', async () => {
  await world.kill();
  const directory = await machineDirectory();
  // What the unit runs when it is stopped, with the unit's limit.
  const pid = (await readFile(join(directory, 'pid'), 'utf8')).trim();
  assert.equal(await needsRecovery(join(directory, 'data.qcow2')), true, 'while it runs');
  await runOrThrow('sh', [join(directory, 'stop.sh'), directory], { variables: { MAINPID: pid }, timeoutMs: shutdownMs });
  assert.equal(await needsRecovery(join(directory, 'data.qcow2')), false, 'the guest has unmounted the file system of its data');
  await world.start();
  await untilAnswers('v2');
  assert.equal(await get('/visit'), '3 3', 'the database and the volume are as they were');
});

async function webContainers() {
  const engine = openEngine({ socketPath: join(await machineDirectory(), 'engine.sock'), instance: world.instance });
  return listContainers(engine, { role: 'web' });
}

async function machineDirectory(): Promise<string> {
  const folder = join(world.directory, 'data/machines/deployed');
  return join(folder, (await readdir(folder))[0]!);
}

async function untilAnswers(wanted: string): Promise<void> {
  const until = Date.now() + patienceMs;
  let answer = '';
  for (; Date.now() < until && answer !== wanted; await delay(1000)) answer = await get().catch(() => '');
  assert.equal(answer, wanted, world.daemonLog().slice(-3000));
}

/** What ext4 notes while it is mounted: the bit RECOVER of the superblock's incompatible features. */
async function needsRecovery(disk: string): Promise<boolean> {
  const { stdout } = await runOrThrow('qemu-io', ['-U', '-r', '-f', 'qcow2', '-c', 'read -v 1120 4', disk]);
  const [first] = /^[0-9a-f]+:\s+([0-9a-f]{2})/m.exec(stdout)?.slice(1) ?? [];
  assert.ok(first, stdout);
  return (Number.parseInt(first, 16) & 4) !== 0;
}

test('another isolation for what is live is refused, and nothing is changed', async () => {
  const current = await world.call('project.config', { project: 'shop' });
  await world.call('project.apply', { config: current.config.replace('isolation: vm', 'isolation: container') });
  const run = await world.verdict('shop', await origin.push(setVersion('v3')), patienceMs);
  assert.equal(run.error?.code, 'CONFLICT');
  assert.equal(await get(), 'v2');
});

test('nothing is left when the project is removed with its data', async () => {
  await world.call('project.remove', { project: 'shop', data: true });
  assert.deepEqual((await runningLinks()).filter((link) => !linksBefore.includes(link)), []);
  assert.deepEqual(await readdir(join(world.directory, 'data/machines/deployed')), []);
});

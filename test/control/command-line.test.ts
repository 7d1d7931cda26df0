import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ProjectState, ReleaseRecord, RunDetails, RunRecord } from '@redcontrol/contract';
import { runTestCli, type CliResult } from '../../packages/control/src/cli/test-cli.ts';
import { editConfig } from '../../packages/control/src/config/edit-config.ts';
import { writeFileAtomic } from '@redcontrol/system';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';
import type { TestRepository } from '../world/repository.ts';

let world: World;
let origin: TestRepository;
let port: number;
let socket: string[] = [];

before(async () => {
  world = await createWorld();
  origin = await world.repository('shop', { ...sampleApp('v1'), '.env.example': 'API_TOKEN=\n' });
  port = await world.freePort();
  await world.client();
  socket = ['--socket', join(world.directory, 'run', 'daemon.sock'), '-c', 'redcontrol.yml'];
});
after(() => world.close());

const cli = (args: string[], input?: string): Promise<CliResult> => runTestCli([...socket, ...args], { folder: origin.workDirectory, ...(input === undefined ? {} : { input }) });
const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await cli([...args, '--json'])).stdout) as T;
const get = async (path = '/') => (await fetch(`http://127.0.0.1:${port}${path}`)).text();

/** Changes the configuration as the admin would, in the file. */
async function edit(path: (string | number)[], value: unknown): Promise<void> {
  const file = join(origin.workDirectory, 'redcontrol.yml');
  await writeFileAtomic(file, editConfig(await readFile(file, 'utf8'), path, value));
}

test('init writes what apply takes', async () => {
  const { code, stderr } = await runTestCli(['init', '--host', '127.0.0.1', '--name', 'shop'], { folder: origin.workDirectory });
  assert.equal(code, 0, stderr);
  await edit(['source'], { poll: '1s' });
  await edit(['environments', 'production', 'port'], port);
  await edit(['environments', 'production', 'watch'], '1s');
  await edit(['environments', 'production', 'drain'], '1s');
  await edit(['environments', 'production', 'secrets'], ['API_TOKEN']);
  assert.equal((await cli(['check'])).code, 0);
});

test('plan says what is to be made and changes nothing', async () => {
  const { code, stdout } = await cli(['plan']);
  assert.equal(code, 0);
  assert.match(stdout, /^main\n {2}\+ /);
  assert.match(stdout, /secret API_TOKEN of production is not set/);
  assert.deepEqual(await json('project', 'list'), []);
});

test('apply sets the project up, and again changes nothing', async () => {
  const first = await cli(['apply', '--yes']);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /shop is set up on main \(revision 1\)/);
  assert.match(first.stdout, /redcontrol secret set API_TOKEN -e production/);
  const again = await cli(['apply', '--yes']);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /everything is as the configuration says[\s\S]*revision 1/);
});

test('a deployment without its secret is refused with the way to set it', async () => {
  const { code, stderr } = await cli(['deploy', 'main', '-e', 'production']);
  assert.equal(code, 7, stderr);
  assert.match(stderr, /error SECRET_MISSING: .*API_TOKEN/);
  // The run that the first apply started may take longer; it has to end before the secret is there.
  while ((await json<RunRecord[]>('runs')).some(({ finishedAt }) => finishedAt === null)) await new Promise((resolve) => setTimeout(resolve, 100));
});

test('with the secret the deployment goes live, and the app has it', async () => {
  assert.equal((await cli(['secret', 'set', 'API_TOKEN', '-e', 'production'], 'hunter2-hunter2\n')).code, 0);
  assert.match((await cli(['secret', 'list'])).stdout, /API_TOKEN {2}✓ set/);
  const { code, stdout, stderr } = await cli(['deploy', 'main', '-e', 'production']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /✓ test[\s\S]*✓ deploy production/);
  assert.match(stdout, /✓ succeeded run \d+ in /);
  assert.equal(await get(), 'v1');
  assert.equal((JSON.parse(await get('/env')) as Record<string, string>).API_TOKEN, 'hunter2-hunter2');
});

test('a push is followed live, with logs whose checksums are right', async () => {
  const commit = await origin.push(setVersion('v2'));
  const run = await world.verdict('shop', commit);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  const logs = await cli(['run', 'logs', String(run.id), '-f']);
  assert.equal(logs.code, 0, logs.stderr);
  assert.match(logs.stdout, /pass 1/);
  const [state] = await json<({ server: string } & ProjectState)[]>('status');
  assert.equal(state?.environments[0]?.health, 'up');
  assert.equal(state?.lastRun?.commit, commit);
  assert.match((await cli(['status'])).stdout, /production +● up +#2 main /);
});

test('a failing test is named, and what was live stays', async () => {
  const run = await world.verdict('shop', await origin.push(setVersion('broken')));
  const { code, stdout } = await cli(['run', 'show', String(run.id)]);
  assert.equal(code, 0);
  assert.match(stdout, /✗ failed[\s\S]*✗ test [\s\S]*1 failed test:[\s\S]*there is a version/);
  assert.equal(await get(), 'v2');
  const retried = await cli(['run', 'retry', String(run.id)]);
  assert.equal(retried.code, 7);
  assert.match(retried.stderr, /✗ .*there is a version[\s\S]*the end of test's log:[\s\S]*error STEP_FAILED/);
  const runs = await json<RunRecord[]>('runs');
  assert.deepEqual(runs.slice(0, 2).map(({ status, trigger }) => [status, trigger]), [['failed', 'retry'], ['failed', 'push']]);
});

test('a rollback brings the release before back', async () => {
  const releases = await json<ReleaseRecord[]>('releases', '-e', 'production');
  assert.deepEqual(releases.map(({ number, state }) => [number, state]), [[2, 'live'], [1, 'retired']]);
  const { code, stderr } = await cli(['rollback', '#1', '-e', 'production', '--yes']);
  assert.equal(code, 0, stderr);
  assert.equal(await get(), 'v1');
});

test('what is not there is told with its exit code', async () => {
  assert.deepEqual(await Promise.all([['run', 'show', '9999'], ['deploy', 'no-such-branch', '-e', 'production'], ['deploy', 'main', '-e', 'staging']].map(async (args) => (await cli(args)).code)), [3, 6, 3]);
});

test('people, revisions, events, webhook and doctor work on the real daemon', async () => {
  await edit(['people'], [{ name: 'Anna', key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKHEeZZAnKLDSJ3w8GFFYzOqaSCTzpFLBYYo9zqpuJMc', role: 'developer' }]);
  assert.equal((await cli(['apply', '--yes'])).code, 0);
  assert.match((await cli(['people', 'list', '--applied'])).stdout, /Anna {2}developer {2}SHA256:/);
  assert.match((await cli(['config', 'revisions'])).stdout, / 2 /);
  assert.match((await cli(['config', 'show', '1'])).stdout, /^# RedControl tests and deploys/);
  assert.match((await cli(['events'])).stdout, /run\.succeeded/);
  assert.match((await cli(['webhook'])).stdout, /^URL +http:\/\/127\.0\.0\.1\/\S+\nsecret +\S{20,}\n/);
  assert.match((await cli(['databases'])).stdout, /postgres/);
  const doctor = await cli(['doctor']);
  assert.equal(doctor.code, 0, doctor.stdout);
  assert.match((await cli(['app', 'logs', '-e', 'production'])).stderr, /^$/);
});

test('a run is cancelled while it runs', async () => {
  await origin.push({ 'version.test.js': "import { test } from 'node:test';\ntest('never ends', () => new Promise((resolve) => setTimeout(resolve, 600_000)));\n" });
  let running: RunRecord | undefined;
  while (!running) [running] = (await json<RunRecord[]>('runs', '-n', '1')).filter(({ status }) => status === 'running');
  assert.equal((await cli(['run', 'cancel', String(running.id)])).code, 0);
  let details: RunDetails;
  do details = await json<RunDetails>('run', 'show', String(running.id)); while (details.finishedAt === null);
  assert.equal(details.status, 'cancelled');
});

test('the project is removed with its data', async () => {
  const { code, stderr } = await cli(['project', 'remove', '--data', '--yes']);
  assert.equal(code, 0, stderr);
  assert.deepEqual(await json('project', 'list'), []);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { stringify } from 'yaml';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import type { TestRepository } from '../world/repository.ts';
import { createWorld, type World } from '../world/world.ts';

const owner = { project: 'shop', environment: 'production' };
const files = {
  Procfile: 'web: node server.js\nworker: node worker.js --queue "a b"\nchecked: node checked.js\nrelease: node release.js\n',
  'worker.js': "console.log('worker with ' + process.argv.slice(2).join('|')); setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(0));\n",
  'checked.js': "console.log('port ' + process.env.PORT); setInterval(() => {}, 1000);\n",
  'release.js': "console.log('released with ' + process.env.REDCONTROL_COMMIT.length);\n",
};
let world: World;
let origin: TestRepository;
let port: number;

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  origin = await world.repository('shop', { ...sampleApp('v1'), ...files });
  port = await world.freePort();
});
after(() => world.close());

const apply = (change: object) => world.call('project.apply', { config: stringify({
  project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' }, pipeline: ['migrate'], ...change,
}) });
const environment = (change: object) => ({ production: { deploy: { branch: 'main' }, port, watch: '1s', drain: '1s', ...change } });
const processes = async () => (await world.call('app.list', owner)).map(({ process, command, wanted, instances }) => [process, command, wanted, instances.filter(({ state }) => state === 'running').length]);

test('a Procfile of the repository is run, with instances of its processes by environment', { timeout: 200_000 }, async () => {
  await apply({ environments: environment({ instances: { worker: 2, checked: 0 } }) });
  const run = await world.verdict('shop', await origin.git('rev-parse', 'HEAD'));
  assert.deepEqual([run.status, run.error], ['succeeded', null]);
  assert.deepEqual(await processes(), [['web', 'node server.js', 1, 1], ['worker', 'node worker.js --queue "a b"', 2, 2], ['checked', 'node checked.js', 0, 0]]);
  assert.match((await world.call('environment.logs', { ...owner, process: 'worker' })).text, /worker with --queue\|a b/);
});

test('instances of a process that nobody has fail the run with their name, and what is live stays', { timeout: 120_000 }, async () => {
  await apply({ environments: environment({ instances: { wroker: 2 } }) });
  const run = await world.verdict('shop', await origin.push(setVersion('v2')));
  assert.deepEqual([run.status, run.error?.code], ['failed', 'CONFIG_INVALID']);
  assert.match(run.error?.message ?? '', /Expected one of the processes web, worker, checked, release|Expected one of the processes web, worker, checked at environments\.production\.instances, got wroker/);
  assert.equal((await world.call('environment.list', { project: 'shop' }))[0]?.live?.number, 1);
});

test('a process that never answers its own health path ends the release, and the version before serves on', { timeout: 200_000 }, async () => {
  const checked = { run: 'node checked.js', port: 9000, health: { path: '/up', timeout: '3s' }, handover: 'start-first' };
  await apply({ environments: environment({}), processes: { web: {}, worker: { run: 'node worker.js' }, checked } });
  const failed = await world.verdict('shop', await origin.push(setVersion('v3')));
  assert.deepEqual([failed.status, failed.error?.code], ['failed', 'RELEASE_NOT_READY']);
  assert.match(failed.error?.message ?? '', /\/up on port 9000[\s\S]*Last lines of checked:\nport 9000/);
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'v1');
  const good = await origin.push({ 'checked.js': "import('node:http').then(({ createServer }) => createServer((q, r) => r.end(q.url)).listen(Number(process.env.PORT)));\n" });
  assert.equal((await world.verdict('shop', good)).status, 'succeeded');
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'v3');
});

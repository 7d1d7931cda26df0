import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { stringify } from 'yaml';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';
import type { TestRepository } from '../world/repository.ts';

let world: World;
let origin: TestRepository;
let port: number;

before(async () => {
  world = await createWorld();
  origin = await world.repository('shop', sampleApp('v1'));
  port = await world.freePort();
});
after(() => world.close());

const get = async (path = '/') => (await fetch(`http://127.0.0.1:${port}${path}`)).text();

function config(extra: object = {}): string {
  return stringify({
    project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' },
    environments: { production: { deploy: { branch: 'main' }, port, variables: { GREETING: 'hello' }, drain: '2s', watch: '1s' } }, ...extra,
  });
}

test('the first apply brings the head of the branch to production', async () => {
  const { revision, changed } = await world.call('project.apply', { config: config() });
  assert.deepEqual([revision, changed], [1, true]);
  const run = await world.verdict('shop', await origin.git('rev-parse', 'HEAD'));
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  assert.equal(await get(), 'v1');
  assert.equal(JSON.parse(await get('/env')).GREETING, 'hello');
});

test('applying the same again changes nothing', async () => {
  assert.deepEqual(await world.call('project.apply', { config: config() }), { revision: 1, changed: false });
});

test('a push is tested and deployed', async () => {
  const run = await world.verdict('shop', await origin.push(setVersion('v2')));
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  assert.equal(await get(), 'v2');
  const { steps } = await world.call('run.show', { run: run.id });
  assert.deepEqual(steps.map((step) => [step.name, step.status]), [['dependencies', 'passed'], ['test', 'passed'], ['image', 'passed'], ['deploy production', 'passed']]);
});

test('a failing test fails the run by name and leaves production as it is', async () => {
  const run = await world.verdict('shop', await origin.push(setVersion('broken')));
  assert.equal(run.status, 'failed');
  assert.equal(run.error?.code, 'STEP_FAILED');
  assert.equal(await get(), 'v2');
  const { failedTests, steps } = await world.call('run.show', { run: run.id });
  assert.deepEqual(failedTests.map((failed) => failed.name), ['there is a version']);
  const failed = steps.find((step) => step.status === 'failed')!;
  const log = await world.call('log.read', { run: run.id, step: failed.index, offset: 0 });
  assert.match(Buffer.from(log.data, 'base64').toString(), /there is a version/);
  assert.equal(log.closed, true);
});

test('a version that never becomes ready does not get traffic', async () => {
  const run = await world.verdict('shop', await origin.push({ ...setVersion('v3'), 'server.js': 'console.log("cannot start"); process.exit(3);\n' }));
  assert.equal(run.status, 'failed');
  assert.match(run.error?.message ?? '', /cannot start/);
  assert.equal(await get(), 'v2');
});

test('the next good version recovers', async () => {
  const run = await world.verdict('shop', await origin.push({ ...sampleApp('v4') }));
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  assert.equal(await get(), 'v4');
  const events = await world.call('events.list', { after: 0, limit: 1000 });
  assert.equal(events.findLast((event) => event.kind.startsWith('run.'))?.kind, 'run.recovered');
});

test('a rollback brings the release before back', async () => {
  const { id } = await world.call('release.rollback', { project: 'shop', environment: 'production' });
  for (;;) {
    const run = await world.call('run.show', { run: id });
    if (run.finishedAt === null) continue;
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    break;
  }
  assert.equal(await get(), 'v2');
  const state = await world.call('project.show', { project: 'shop' });
  assert.equal(state.environments[0]?.health, 'up');
  assert.equal(state.environments[0]?.live?.rollbackOf !== null, true);
});

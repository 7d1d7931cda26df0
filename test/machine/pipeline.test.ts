import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { stringify } from 'yaml';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import type { TestRepository } from '../world/repository.ts';
import { createWorld, type World } from '../world/world.ts';
import { sharedMachines, testLimits } from './shared-machines.ts';

let world: World;
let origin: TestRepository;
let port: number;
const patienceMs = 900_000;

before(async () => {
  world = await createWorld({ REDCONTROL_MACHINES_DIRECTORY: await sharedMachines(), REDCONTROL_WARM_COUNT: '0' });
  origin = await world.repository('shop', sampleApp('v1'));
  port = await world.freePort();
});
after(() => world.close());

function config(extra: object = {}): string {
  return stringify({
    project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' }, isolation: 'vm', limits: testLimits,
    pipeline: [{ name: 'where', run: 'cat /proc/sys/kernel/hostname; cat /proc/sys/kernel/osrelease; pwd; ls -a; id -u' }, 'test'],
    environments: { production: { deploy: { branch: 'main' }, port, drain: '1s', watch: '1s', isolation: 'container' } }, ...extra,
  });
}

test('a push is tested and built in a virtual machine', async () => {
  await world.call('project.apply', { config: config() });
  const run = await world.verdict('shop', await origin.git('rev-parse', 'HEAD'), patienceMs);
  const { steps } = await world.call('run.show', { run: run.id });
  const texts = await Promise.all(steps.map(async (step) => Buffer.from((await world.call('log.read', { run: run.id, step: step.index, offset: 0 })).data, 'base64').toString()));
  assert.equal(run.status, 'succeeded', `${JSON.stringify(run.error)}\n${texts.join('\n')}`);
  const where = steps.findIndex((step) => step.name === 'where');
  assert.match(texts[where]!, /-cloud-amd64\n\/work\n[^]*server\.js/, 'the kernel is the machine’s own');
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'v1');
});

test('a failed test in a virtual machine is named from its report', async () => {
  const report = 'node --test --test-reporter=junit --test-reporter-destination=junit.xml || { cat junit.xml; exit 1; }';
  await world.call('project.apply', { config: config({ pipeline: [{ name: 'report', run: report }] }) });
  const run = await world.verdict('shop', await origin.push(setVersion('broken')), patienceMs);
  assert.equal(run.status, 'failed');
  const { failedTests } = await world.call('run.show', { run: run.id });
  assert.deepEqual(failedTests.map((failed) => failed.name), ['there is a version']);
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'v1', 'what is live serves on');
});

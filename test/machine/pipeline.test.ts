import assert from 'node:assert/strict';
import { release } from 'node:os';
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

/** The run of a commit with its verdict, and what its steps wrote. */
async function ran(commit: string) {
  const run = await world.verdict('shop', commit, patienceMs);
  const { steps } = await world.call('run.show', { run: run.id });
  const texts = await Promise.all(steps.map(async (step) => Buffer.from((await world.call('log.read', { run: run.id, step: step.index, offset: 0 })).data, 'base64').toString()));
  assert.equal(run.status, 'succeeded', `${JSON.stringify(run.error)}\n${texts.join('\n')}`);
  return { text: (name: string) => texts[steps.findIndex((step) => step.name === name)] ?? '' };
}

test('a push is tested and built in a virtual machine', async () => {
  await world.call('project.apply', { config: config() });
  const run = await ran(await origin.git('rev-parse', 'HEAD'));
  assert.match(run.text('where'), /-cloud-amd64\n\/work\n[^]*server\.js/, 'the kernel is the machine’s own');
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'v1');
});

test('each step runs where it says, and what strangers push runs in a machine whatever it says', async () => {
  const look = 'cat /proc/sys/kernel/osrelease';
  const steps = { pipeline: [{ name: 'here', run: look, isolation: 'container' }, { name: 'there', run: look, isolation: 'vm' }] };
  await world.call('project.apply', { config: config({ isolation: 'container', ...steps }) });
  const trusted = await ran(await origin.push({ 'note.txt': 'one' }));
  assert.equal(trusted.text('here').split('\n')[0], release(), 'the server’s own kernel');
  assert.match(trusted.text('there'), /-cloud-amd64\n/);

  await world.call('project.apply', { config: config({ isolation: 'container', ...steps, strangers: { branches: ['fork/*'], isolation: 'vm' } }) });
  const strange = await ran(await origin.push({ 'note.txt': 'two' }, { branch: 'fork/gift' }));
  for (const name of ['here', 'there']) assert.match(strange.text(name), /-cloud-amd64\n/, `${name}: the machine’s own kernel`);
  await origin.git('checkout', '--quiet', 'main');
});

test('a server that cannot have the machines says so in the plan, with the numbers', async () => {
  const { operations } = await world.call('project.plan', { config: config({ project: 'large', limits: { ...testLimits, memory: '900G' } }) });
  const machine = operations.find((operation) => operation.target === 'pipeline/machine');
  assert.match(machine?.warning ?? '', /it needs 9\d\d\S* GB of memory, the server has \S+ GB available of \S+ GB/);
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

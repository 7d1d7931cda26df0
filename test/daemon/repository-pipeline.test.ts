import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { stringify } from 'yaml';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import type { TestRepository } from '../world/repository.ts';
import { createWorld, type World } from '../world/world.ts';

let world: World;
let origin: TestRepository;

before(async () => {
  world = await createWorld();
  origin = await world.repository('shop', sampleApp('v1'));
});
after(() => world?.close());

const apply = (repositoryPipeline: boolean) => world.call('project.apply', {
  config: stringify({
    project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, repositoryPipeline, source: { poll: '1s' }, pipeline: [{ name: 'admin', run: 'echo of the admin' }],
    environments: { production: { deploy: { branch: 'production' } } },
  }),
});

const verdictOf = async (files: Record<string, string>) => {
  const { id } = await world.verdict('shop', await origin.push(files));
  const run = await world.call('run.show', { run: id });
  return { status: run.status, steps: run.steps.map((step) => step.name).filter((name) => name !== 'dependencies'), error: run.error };
};

const own = stringify({ project: 'other', pipeline: [{ name: 'own', run: 'echo of the repository' }] });

test('a pipeline in the repository counts when the admin allows it, for its commit', async () => {
  await apply(false);
  while (!world.daemonLog().includes('shop: following')) await delay(100);
  assert.deepEqual((await verdictOf({ ...setVersion('v2'), 'redcontrol.yml': own })).steps, ['admin']);
  await apply(true);
  assert.deepEqual(await verdictOf(setVersion('v3')), { status: 'succeeded', steps: ['own'], error: null });
});

test('one that asks for more than it may, or is no YAML, ends its run with the reason', async () => {
  const greedy = await verdictOf({ ...setVersion('v4'), 'redcontrol.yml': stringify({ pipeline: [{ name: 'steal', run: 'env', secrets: ['SECRET_KEY'] }] }) });
  assert.equal(greedy.status, 'failed');
  assert.equal(greedy.error?.code, 'CONFIG_INVALID');
  assert.match(greedy.error?.message ?? '', /In the repository's redcontrol\.yml: Expected no secret at pipeline\[0\]\.secrets\[0\], got "SECRET_KEY"/);
  const broken = await verdictOf({ ...setVersion('v5'), 'redcontrol.yml': 'pipeline: [' });
  assert.match(broken.error?.message ?? '', /Expected YAML in the repository's redcontrol\.yml/);
  assert.equal((await verdictOf({ ...setVersion('v6'), 'redcontrol.yml': own })).status, 'succeeded');
});

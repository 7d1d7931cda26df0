import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { stringify } from 'yaml';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import type { TestRepository } from '../world/repository.ts';
import { createWorld, type World } from '../world/world.ts';

let world: World;
let origin: TestRepository;
const owner = { project: 'shop', environment: 'production' };

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  origin = await world.repository('shop', sampleApp('v1'));
  const apply = { project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' }, pipeline: [], environments: { production: { deploy: { branch: 'main' } } } };
  await world.call('project.apply', { config: stringify(apply) });
  await world.verdict('shop', await origin.git('rev-parse', 'HEAD'));
});
after(() => world.close());

test('a paused environment gets no pushes and keeps what is live; resumed it gets the next', { timeout: 240_000 }, async () => {
  const before = await world.call('environment.list', { project: 'shop' });
  assert.equal(before[0]?.live?.number, 1);
  const paused = await world.call('environment.pause', owner);
  assert.ok(paused.paused && paused.paused.at > 0);

  const held = await world.verdict('shop', await origin.push(setVersion('v2')));
  assert.deepEqual([held.status, held.environments], ['succeeded', []]);
  await assert.rejects(world.call('deploy', { ...owner, ref: 'main' }), { code: 'CONFLICT', message: /pause/ });
  const [state] = await world.call('environment.list', { project: 'shop' });
  assert.equal(state?.live?.number, 1);

  assert.equal((await world.call('environment.resume', owner)).paused, null);
  const deployed = await world.verdict('shop', await origin.push(setVersion('v3')));
  assert.deepEqual([deployed.status, deployed.environments], ['succeeded', ['production']]);
  const events = await world.call('events.list', { after: 0, limit: 1000 });
  assert.deepEqual(events.filter(({ kind }) => kind === 'environment.paused' || kind === 'environment.resumed').map(({ kind }) => kind), ['environment.paused', 'environment.resumed']);
  await assert.rejects(world.call('environment.pause', { ...owner, environment: 'nothing' }), { code: 'NOT_FOUND' });
});

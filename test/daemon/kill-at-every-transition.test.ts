import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { stringify } from 'yaml';
import { listContainers, openEngine, transitions } from '@redcontrol/daemon';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import { watchAnswers } from '../world/watch-answers.ts';
import { createWorld, type World } from '../world/world.ts';
import type { TestRepository } from '../world/repository.ts';

/** A transition that only a bad version reaches: the push of that case crashes after it was switched to. */
const needsCrash = new Set(['release.failed', 'release.reverted']);
const crashing = { 'version.js': `export const version = 'crash'; if (!process.env.NODE_TEST_CONTEXT && process.env.PORT) setTimeout(() => process.exit(7), 700);\n` };
const neverReady = { 'version.js': `export const version = 'never'; if (!process.env.NODE_TEST_CONTEXT && process.env.PORT) process.exit(7);\n` };

let world: World;
let origin: TestRepository;
let port: number;
let good = 'v0';

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  origin = await world.repository('shop', sampleApp(good));
  port = await world.freePort();
  await world.call('project.apply', {
    config: stringify({
      project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' },
      environments: { production: { deploy: { branch: 'main' }, port, drain: '1s', watch: '1500ms' } },
    }),
  });
  const run = await world.verdict('shop', await origin.git('rev-parse', 'HEAD'));
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
});
after(() => world.close());

const wantedTransitions = (process.env.REDCONTROL_TRANSITIONS ?? transitions.join(',')).split(',');
for (const [index, transition] of transitions.entries()) {
  if (!wantedTransitions.includes(transition)) continue;
  for (const moment of ['before', 'after'] as const) {
    test(`killed ${moment} ${transition}: one true verdict, production serves throughout, nothing left over`, async () => {
      const bad = transition === 'release.failed' ? neverReady : transition === 'release.reverted' ? crashing : undefined;
      const wanted = bad ? good : `v${index + 1}-${moment}`;
      await world.kill('SIGTERM');
      const watcher = watchAnswers(`http://127.0.0.1:${port}/`);
      await world.start({ REDCONTROL_KILL_AT: `${transition}:${moment}` });
      await world.client();
      const commit = await origin.push(bad ?? setVersion(wanted));
      await world.ended();
      await world.start();
      const run = await world.verdict('shop', commit);

      assert.equal(run.status, bad ? 'failed' : 'succeeded', JSON.stringify(run));
      assert.equal(needsCrash.has(transition), bad !== undefined);
      if (!bad) good = wanted;
      const { answers, lost } = await watcher.stop();
      // A version that crashes after it was switched to loses requests until it is taken back: that is its own doing.
      if (transition !== 'release.reverted') assert.equal(lost, 0, `${lost} of ${answers.length} requests were lost`);
      assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), good);
      await assertOneVerdict(commit);
      await assertNothingLeft();
    });
  }
}

async function assertOneVerdict(commit: string): Promise<void> {
  const runs = (await world.call('run.list', { project: 'shop', limit: 1000 })).filter((run) => run.commit === commit);
  assert.equal(runs.length, 1);
  const events = await world.call('events.list', { after: 0, limit: 1000 });
  const verdicts = events.filter((event) => event.runId === runs[0]!.id && ['run.succeeded', 'run.failed', 'run.recovered', 'run.cancelled', 'run.superseded'].includes(event.kind));
  assert.equal(verdicts.length, 1, JSON.stringify(verdicts));
}

/** Only the live release's container is there, once the drain of the one before it has ended. */
async function assertNothingLeft(): Promise<void> {
  const engine = openEngine({ instance: world.instance });
  for (let attempt = 0; ; attempt += 1) {
    const containers = await listContainers(engine);
    const { environments } = await world.call('project.show', { project: 'shop' });
    const live = environments[0]?.live?.id;
    const strays = containers.filter((container) => container.labels['redcontrol.release'] !== String(live));
    if (strays.length === 0 && containers.length === 1) return;
    assert.ok(attempt < 100, `left over: ${strays.map((container) => container.name).join(', ')} of ${containers.length}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { PreviewState } from '@redcontrol/contract';
import { listContainers, listNetworks, listVolumes, openEngine, previewTransitions } from '@redcontrol/daemon';
import { stringify } from 'yaml';
import { askSite } from '../world/ask-site.ts';
import { sampleApp } from '../world/sample-app.ts';
import type { TestRepository } from '../world/repository.ts';
import { createWorld, type World } from '../world/world.ts';

let world: World;
let origin: TestRepository;
const project = 'shop';

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  origin = await world.repository(project, sampleApp('v1'));
  await world.call('project.apply', {
    config: stringify({
      project, repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' }, pipeline: [], volumes: { media: '/srv/media' },
      environments: { test: { deploy: { branch: 'main' }, port: await world.freePort(), watch: '500ms', drain: '1s', redis: {}, preview: { pattern: 'feature/*', domain: '*.preview.test' }, https: 'off' } },
    }),
  });
  await world.verdict(project, await origin.git('rev-parse', 'HEAD'));
});
after(() => world.close());

const previews = async (): Promise<PreviewState[]> => world.call('preview.list', { project });

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo().catch(() => false)); tries += 1) {
    assert.ok(tries < 400, `too late:\n${world.daemonLog().slice(-3000)}`);
    await delay(200);
  }
}

/** Pushes the branch and waits until its preview is live with a secret of its own; a daemon that is to be killed meanwhile is started again. */
async function makePreview(branch: string): Promise<PreviewState> {
  const commit = await origin.push({ 'note.txt': branch }, { branch });
  await origin.git('checkout', '--quiet', 'main');
  const run = await world.verdict(project, commit);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  const [preview] = await previews();
  assert.equal((await askSite(world, preview!.url)).text, 'v1');
  await world.call('secret.set', { project, environment: preview!.name, name: 'OWN', value: 'value-of-its-own' });
  return preview!;
}

/** No container, network, volume, route, port or row names it. */
async function assertGone({ name, url }: PreviewState): Promise<void> {
  const engine = openEngine({ instance: world.instance });
  const owner = { project, environment: name };
  assert.deepEqual([await listContainers(engine, owner), await listNetworks(engine, owner), await listVolumes(engine, owner)], [[], [], []]);
  assert.equal((await askSite(world, url)).status, 404);
  assert.ok(!(await world.call('secret.list', { project })).some(({ environment }) => environment === name));
  const store = new DatabaseSync(join(world.directory, 'data/state.db'), { readOnly: true });
  try {
    for (const [table, column] of [['previews', 'name'], ['environments', 'name'], ['databases', 'environment'], ['secrets', 'environment'], ['releases', 'environment']] as const) {
      assert.deepEqual(store.prepare(`SELECT * FROM ${table} WHERE ${column} = ?`).all(name), [], table);
    }
  } finally {
    store.close();
  }
}

for (const transition of previewTransitions) {
  for (const moment of ['before', 'after'] as const) {
    test(`killed ${moment} ${transition}: of a preview without a branch nothing is left`, { timeout: 300_000 }, async () => {
      const branch = `feature/${transition.slice(8)}-${moment}`;
      const killsAtFill = transition === 'preview.filled';
      if (killsAtFill) {
        await world.kill();
        await world.start({ REDCONTROL_KILL_AT: `${transition}:${moment}` });
        void world.ended().then(() => world.start());
      }
      const preview = await makePreview(branch);
      if (!killsAtFill) {
        await world.kill();
        await world.start({ REDCONTROL_KILL_AT: `${transition}:${moment}` });
      }
      await origin.git('push', '--quiet', 'origin', '--delete', branch);
      if (!killsAtFill) {
        await world.ended();
        await world.start();
      }
      await until(async () => (await previews()).length === 0);
      await assertGone(preview);
    });
  }
}

test('a branch that is deleted while the daemon is down has no preview after its next look', { timeout: 300_000 }, async () => {
  const preview = await makePreview('feature/down');
  await world.kill();
  await origin.git('push', '--quiet', 'origin', '--delete', 'feature/down');
  await world.start();
  await until(async () => (await previews()).length === 0);
  await assertGone(preview);
  assert.equal((await world.call('environment.list', { project }))[0]?.health, 'up');
  const ended = (await world.call('events.list', { after: 0, limit: 1000 })).filter(({ kind }) => kind === 'preview.ended').at(-1);
  assert.match(ended!.text, /^the preview of feature\/down has ended: The branch feature\/down was deleted\.$/);
});

test('a branch that is deleted in the middle of its run leaves nothing either', { timeout: 300_000 }, async () => {
  const branch = 'feature/middle';
  const commit = await origin.push({ 'note.txt': branch }, { branch });
  await origin.git('checkout', '--quiet', 'main');
  await until(async () => (await previews()).length === 1);
  const [preview] = await previews();
  await until(async () => (await world.call('run.list', { project })).some((run) => run.commit === commit && run.status !== 'queued'));
  await origin.git('push', '--quiet', 'origin', '--delete', branch);
  const run = await world.verdict(project, commit);
  assert.notEqual(run.status, 'succeeded');
  await until(async () => (await previews()).length === 0);
  await assertGone(preview!);
});

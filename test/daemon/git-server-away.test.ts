import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { SourceState } from '@redcontrol/contract';
import { runOrThrow } from '@redcontrol/system';
import { startGitServer, type GitServer } from '../world/git-server.ts';
import type { TestRepository } from '../world/repository.ts';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';

let world: World;
let origin: TestRepository;
let git: GitServer;

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  origin = await world.repository('shop', sampleApp('v1'));
  git = await startGitServer(join(world.directory, 'repositories', 'shop'));
  await world.call('project.apply', {
    config: stringify({
      project: 'shop', repository: git.url('origin.git'), servers: { main: { host: '127.0.0.1' } }, source: { poll: '500ms' }, pipeline: ['test'],
      environments: { production: { deploy: { branch: 'release' }, port: await world.freePort() } },
    }),
  });
  await until(({ state }) => state === 'following');
  assert.equal((await world.verdict('shop', await origin.push(setVersion('v1.1')))).status, 'succeeded');
});
after(async () => {
  await git?.stop();
  await world.close();
});

const source = async () => (await world.call('project.show', { project: 'shop' })).source;
const runsOf = async (commit: string) => (await world.call('run.list', { project: 'shop', limit: 1000 })).filter((run) => run.commit === commit);

async function until(wanted: (state: SourceState) => boolean): Promise<SourceState> {
  for (const deadline = Date.now() + 60_000; ; await delay(50)) {
    const state = await source();
    if (wanted(state)) return state;
    assert.ok(Date.now() < deadline, `still ${JSON.stringify(state)}`);
  }
}

/** Lines about the repository since a mark in the daemon's log. */
const linesSince = (mark: number) => world.daemonLog().slice(mark).split('\n').filter((line) => /<6>shop: /.test(line));

test('a look is told as soon as it was, also when nothing has changed', async () => {
  const first = await until(({ checkedAt }) => checkedAt !== null);
  const next = await until(({ checkedAt }) => (checkedAt ?? 0) > (first.checkedAt ?? 0));
  assert.equal(next.state, 'following');
});

test('while it is away it is asked at growing waits and told of once; what was pushed meanwhile runs once when it is back', async () => {
  const mark = world.daemonLog().length;
  await git.stop();
  const commit = await origin.push(setVersion('v2'));
  const waits: number[] = [];
  let seen = 0;
  while (waits.length < 4) {
    const state = await until(({ checkedAt, nextCheckAt, state: now }) => now === 'unreachable' && nextCheckAt !== null && checkedAt !== seen);
    seen = state.checkedAt ?? 0;
    waits.push((state.nextCheckAt ?? 0) - seen);
    assert.match(state.error ?? '', /Expected to reach http:.*Check the address/);
  }
  for (const [index, waitMs] of waits.entries()) if (index > 0) assert.ok(waitMs > (waits[index - 1] ?? 0), `waits of ${waits.join(', ')} ms grow`);
  await assert.rejects(world.call('deploy', { project: 'shop', environment: 'production', ref: 'main' }), { code: 'REPOSITORY_UNREACHABLE' });
  assert.deepEqual(await runsOf(commit), []);

  await git.start();
  assert.equal((await world.verdict('shop', commit)).status, 'succeeded');
  assert.equal((await runsOf(commit)).length, 1);
  assert.deepEqual(linesSince(mark).map((line) => /Expected to reach/.test(line)), [true, false], 'one line a change of state');
});

test('a server that goes in the middle of a fetch leaves the mirror whole, and the push runs once when it is back', async () => {
  const mark = world.daemonLog().length;
  const gone = git.stopInFetch();
  const commit = await origin.push({ ...setVersion('v3'), 'more.txt': Array.from({ length: 5000 }, (_, line) => `${line} ${Math.random()}`).join('\n') });
  await gone;
  await until(({ state }) => state === 'unreachable');
  const mirror = join(world.directory, 'data', 'repositories', 'shop.git');
  await runOrThrow('git', ['-c', `safe.directory=${mirror}`, '-C', mirror, 'rev-list', '--objects', '--all']);
  assert.deepEqual(await runsOf(commit), []);
  await git.start();
  assert.equal((await world.verdict('shop', commit)).status, 'succeeded');
  assert.equal((await runsOf(commit)).length, 1);
  assert.equal(linesSince(mark).length, 2, linesSince(mark).join('\n'));
});

test('a run whose commit was fetched goes to its end without the server', async () => {
  const commit = await origin.push({ ...setVersion('v4'), 'slow.test.js': `import { test } from 'node:test';\ntest('slow', () => new Promise((resolve) => setTimeout(resolve, 3000)));\n` });
  for (const deadline = Date.now() + 60_000; (await runsOf(commit))[0]?.status !== 'running'; await delay(50)) assert.ok(Date.now() < deadline, 'it never ran');
  await git.stop();
  assert.equal((await world.verdict('shop', commit)).status, 'succeeded');
  await git.start();
});

import assert from 'node:assert/strict';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { listContainers, openEngine } from '@redcontrol/daemon';
import type { TestRepository } from '../world/repository.ts';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import { watchAnswers } from '../world/watch-answers.ts';
import { createWorld, type World } from '../world/world.ts';

const mebibyte = 1024 ** 2;
let world: World;
let origin: TestRepository;
let port: number;

/** The daemon's data have a disk of 1.5 GiB of their own; a run is begun with 1 GiB free at least. */
before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' }, { dataBytes: 1536 * mebibyte });
  origin = await world.repository('shop', sampleApp('v1', { 'check.sh': 'true\n' }));
  port = await world.freePort();
  await world.call('project.apply', { config: config() });
  await passes(await origin.git('rev-parse', 'HEAD'));
});
after(() => world.close());

const config = (variables: Record<string, string> = {}) => stringify({
  project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' }, pipeline: [{ name: 'check', run: 'sh check.sh' }],
  environments: { production: { deploy: { branch: 'main' }, port, drain: '1s', watch: '1s', variables } },
});
const data = () => join(world.directory, 'data');
const filler = () => join(data(), 'filler');

async function passes(commit: string): Promise<void> {
  const run = await world.verdict('shop', commit);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
}

/** Takes all but so much of what is free, as something else on the server would. */
async function leaveFree(bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(data());
  const file = await open(filler(), 'a');
  const block = Buffer.alloc(mebibyte, 'x');
  try {
    for (let left = bavail * bsize - bytes; left > 0; ) left -= (await file.write(block, 0, Math.min(left, block.length))).bytesWritten;
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
  } finally {
    await file.close();
  }
}

/** What holds after each of these faults: a true verdict, an app that never missed a request, a whole state, no rest. */
async function assertUnharmed(watcher: ReturnType<typeof watchAnswers>, commit: string): Promise<void> {
  const { answers, lost } = await watcher.stop();
  assert.equal(lost, 0, `${lost} of ${answers.length} requests were lost`);
  const runs = (await world.call('run.list', { project: 'shop', limit: 1000 })).filter((run) => run.commit === commit);
  assert.deepEqual(runs.map((run) => [run.status, run.error?.code]), [['failed', 'DISK_FULL']], JSON.stringify(runs));
  const { steps } = await world.call('run.show', { run: runs[0]!.id });
  assert.deepEqual(steps.filter((step) => step.status === 'running' || step.status === 'pending'), []);
  const database = new DatabaseSync(join(data(), 'state.db'), { readOnly: true });
  assert.deepEqual({ ...database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
  database.close();
  for (const deadline = Date.now() + 30_000; ; await delay(200)) {
    const names = (await listContainers(openEngine({ instance: world.instance }))).map((container) => container.name);
    if (names.length === 1) break;
    assert.ok(Date.now() < deadline, `left over: ${names.join(', ')}`);
  }
}

function watch(t: TestContext) {
  const watcher = watchAnswers(`http://127.0.0.1:${port}/`);
  t.after(() => watcher.stop());
  return watcher;
}

const fillsUp = (then: string) => `echo waiting
until ! head -c 200000 /dev/zero >> probe 2>/dev/null; do sleep 0.1; done
${then}
`;

async function untilSaid(commit: string, text: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await delay(50)) {
    const run = (await world.call('run.list', { project: 'shop', limit: 20 })).find((one) => one.commit === commit && one.status === 'running');
    for (const step of run ? (await world.call('run.show', { run: run.id })).steps : []) {
      const log = await world.call('log.read', { run: run!.id, step: step.index, offset: 0 }).catch(() => undefined);
      if (log && Buffer.from(log.data, 'base64').toString().includes(text)) return;
    }
    assert.ok(Date.now() < deadline, `the run of ${commit} never said ${text}`);
  }
}

test('full while a step writes its log: the run fails and says why, and the next one passes', async (t) => {
  const watcher = watch(t);
  const commit = await origin.push({ 'check.sh': fillsUp('seq 2000000') });
  await untilSaid(commit, 'waiting');
  await leaveFree(0);
  const run = await world.verdict('shop', commit);
  assert.match(run.error?.message ?? '', /Expected room on the disk/);
  await assertUnharmed(watcher, commit);
  await rm(filler());
  await passes(await origin.push({ ...setVersion('v2'), 'check.sh': 'true\n' }));
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'v2');
});

test('full before a run begins: it is refused with the figures', async (t) => {
  const watcher = watch(t);
  await leaveFree(900 * mebibyte);
  const commit = await origin.push(setVersion('v3'));
  const run = await world.verdict('shop', commit);
  assert.match(run.error?.message ?? '', /Expected 1\.0 GB free on the disk of .*, got \d+(\.\d)? MB/);
  await assertUnharmed(watcher, commit);
  await rm(filler());
  await passes(await origin.push(setVersion('v4')));
});

test('full while the commit is checked out and built: the run fails and says why', async (t) => {
  const watcher = watch(t);
  await leaveFree(1040 * mebibyte);
  // Little in the repository, much in a tree.
  const large = Object.fromEntries([1, 2, 3, 4].map((number) => [`same-${number}`, 'x'.repeat(150 * mebibyte)]));
  const commit = await origin.push({ ...large, ...setVersion('v5') });
  const run = await world.verdict('shop', commit);
  assert.match(run.error?.message ?? '', /[Nn]o space left on device|Expected room on the disk/);
  await assertUnharmed(watcher, commit);
  await rm(filler());
  await passes(await origin.push({ ...Object.fromEntries(Object.keys(large).map((name) => [name, undefined])), ...setVersion('v6') }));
});

test('full while the state is written: who asked is told, the daemon goes on, and all is there afterwards', async () => {
  await leaveFree(0);
  const before = (await world.call('project.show', { project: 'shop' })).revision;
  let applied = before;
  const apply = async () => {
    // SQLite still has some room in the files that it has.
    for (let number = 0; number < 200; number += 1) {
      await world.call('project.apply', { config: config({ LARGE: `${number} ${'x'.repeat(50_000)}` }) });
      applied += 1;
    }
  };
  await assert.rejects(apply(), { code: 'DISK_FULL' });
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'v6');
  assert.ok([applied, applied + 1].includes((await world.call('project.show', { project: 'shop' })).revision));
  await rm(filler());
  await world.call('project.apply', { config: config() });
  await passes(await origin.push(setVersion('v7')));
  await world.kill();
  await world.start();
  assert.equal((await world.call('project.show', { project: 'shop' })).environments[0]?.live?.message, 'Change version.js');
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'v7');
});

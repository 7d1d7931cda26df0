import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isJobRunOver } from '@redcontrol/contract';
import { stringify } from 'yaml';
import { queueApp, versionOf } from '../world/queue-app.ts';
import type { TestRepository } from '../world/repository.ts';
import { createWorld, type World } from '../world/world.ts';

/** A task as its worker noted it; times in seconds since 1970. */
interface Done {
  number: number;
  version: string;
  began: number;
  ended: number;
}

const owner = { project: 'shop', environment: 'production' };
const releases = 10;
const tasksARelease = 100;
const taskSeconds = 0.05;

let world: World;
let origin: TestRepository;
let address: string;

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  origin = await world.repository('shop', await queueApp('v0'));
  const port = await world.freePort();
  address = `http://127.0.0.1:${port}`;
  const worker = { run: 'celery -A shop worker --concurrency 2 --loglevel INFO', stopTime: '60s', memory: '512M' };
  const config = {
    project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' }, pipeline: ['migrate'],
    processes: { web: {}, worker }, volumes: { media: '/app/media' }, jobs: { nightly: { cron: '0 3 * * *', timeZone: 'Europe/Moscow', run: 'python manage.py nightly' } },
    environments: { production: { deploy: { branch: 'main' }, port, watch: '1s', drain: '1s', variables: { SECRET_KEY: 'a-key-for-tests' }, database: { engine: 'postgres', backup: false, rehearsal: false }, redis: {} } },
  };
  await world.call('project.apply', { config: stringify(config) });
  const run = await world.verdict('shop', await origin.git('rev-parse', 'HEAD'), 300_000);
  assert.deepEqual([run.status, run.error], ['succeeded', null]);
  // The releases to come have no migration: their packages need no installing before the image's own.
  await world.call('project.apply', { config: stringify({ ...config, pipeline: [] }) });
});
after(() => world.close());

async function say(path: string, body?: string): Promise<string> {
  const answer = await fetch(`${address}/${path}`, body === undefined ? {} : { method: 'POST', body });
  const text = await answer.text();
  assert.equal(answer.status, 200, `${path}: ${text.slice(0, 300)}`);
  return text;
}

async function deploy(version: string): Promise<void> {
  const run = await world.verdict('shop', await origin.push(versionOf(version)));
  assert.deepEqual([run.status, run.error], ['succeeded', null]);
}

async function done(): Promise<{ done: Done[]; goods: number }> {
  return JSON.parse(await say('done')) as { done: Done[]; goods: number };
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; !(await condition()); tries += 1) {
    assert.ok(tries < 400, `${what}: ${(await world.call('environment.logs', { ...owner, lines: 30 })).text}`);
    await delay(300);
  }
}

test('a task of Celery, an upload and the job of the night work in the live version, and what they leave outlives a release', { timeout: 240_000 }, async () => {
  assert.equal(await say(`enqueue?first=0&count=1`), 'v0');
  await until(async () => (await done()).done.length === 1, 'the task is done');
  assert.equal((await done()).done[0]?.version, 'v0');
  assert.equal(await say('upload/photo.txt', 'a photo'), 'a photo');
  const { id } = await world.call('job.run', { ...owner, job: 'nightly' });
  const nightly = async () => world.call('job.log', { ...owner, job: 'nightly', start: id, offset: 0 });
  await until(async () => isJobRunOver((await nightly()).run.status), 'the job ends');
  const { run, data } = await nightly();
  assert.deepEqual([run.status, Buffer.from(data, 'base64').toString()], ['succeeded', '1 goods, by v0\n']);
  const [job] = await world.call('job.list', { project: 'shop' });
  assert.ok(job?.nextAt && new Date(job.nextAt).toISOString().endsWith('T00:00:00.000Z'), 'at 3 in Moscow');
  await deploy('v0b');
  assert.deepEqual([await say('upload/photo.txt'), (await done()).goods], ['a photo', 1]);
});

test('of 1,000 tasks over 10 releases each is done once, by one version, and never two versions work at once', { timeout: 600_000 }, async (t) => {
  for (let release = 1; release <= releases; release += 1) {
    await say(`enqueue?first=${release * tasksARelease}&count=${tasksARelease}&seconds=${taskSeconds}`);
    await deploy(`v${release}`);
  }
  const total = releases * tasksARelease;
  const mine = async () => (await done()).done.filter(({ number }) => number >= tasksARelease);
  await until(async () => (await mine()).length >= total, 'all tasks are done');
  await delay(2_000);
  const all = await mine();
  assert.equal(new Set(all.map(({ number }) => number)).size, total);
  assert.equal(all.length, total, 'none twice');
  const spans = [...new Set(all.map(({ version }) => version))].map((version) => {
    const own = all.filter((one) => one.version === version);
    return { version, count: own.length, began: Math.min(...own.map(({ began }) => began)), ended: Math.max(...own.map(({ ended }) => ended)) };
  }).toSorted((a, b) => a.began - b.began);
  t.diagnostic(spans.map(({ version, count }) => `${version}: ${count}`).join(', '));
  assert.ok(spans.length > releases / 2, 'most versions had tasks to do');
  spans.slice(1).forEach((span, index) => assert.ok(span.began >= spans[index]!.ended, `${span.version} began before ${spans[index]!.version} had ended`));
});

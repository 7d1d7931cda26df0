import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ReleaseRecord, RunRecord } from '@redcontrol/contract';
import { runOrThrow } from '@redcontrol/system';
import { stringify } from 'yaml';
import { monorepo } from '../world/monorepo.ts';
import type { TestRepository } from '../world/repository.ts';
import { watchAnswers } from '../world/watch-answers.ts';
import { createWorld, type World } from '../world/world.ts';

const place = { project: 'shop', environment: 'production' };
/** Of the form of tokens, so that no chance holds it; with what shells, JSON and URLs write in another way. */
const token = `npm_${randomBytes(12).toString('hex')}$'"/+=`;
const buildMs = 300_000;

let world: World;
let origin: TestRepository;
let port: number;

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  origin = await world.repository('shop', await monorepo());
  port = await world.freePort();
});
after(() => world.close());

const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
const title = async () => /<title>(.*)<\/title>/.exec(await get('/'))?.[1];
const newest = async (): Promise<ReleaseRecord> => (await world.call('release.list', { ...place, limit: 1 }))[0]!;
const apps = ({ apps: all }: RunRecord) => all!.map(({ name, concerned, reason, detail }) => `${name} ${concerned} ${reason} ${detail}`.trim());
const started = async () => Object.fromEntries((await world.call('app.list', place)).flatMap(({ process, instances }) => instances.map(({ name, startedAt }) => [process, `${name} ${startedAt}`])));
const html = (name: string) => `<!doctype html>\n<html lang="en"><head><title>Shop ${name}</title></head><body><div id="app"></div><script type="module" src="/src/main.js"></script></body></html>\n`;
const version = (name: string) => `export const version = ${JSON.stringify(name)};\n`;

function config(branch = 'main'): string {
  return stringify({
    project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s', branches: [branch] },
    apps: {
      site: { root: 'frontend' },
      'api-v1': { root: 'backend', path: '/api', build: { arguments: { PAINT: 'blue' }, secrets: ['REGISTRY_TOKEN'] } },
      tasks: { root: 'tasks', pipeline: [], processes: { worker: { run: 'node worker.js' } }, watch: ['tasks', 'shared'] },
    },
    jobs: { nightly: { cron: '0 3 1 1 *', run: 'echo in $REDCONTROL_APP', app: 'api-v1' } },
    environments: { production: { deploy: { branch }, port, secrets: ['REGISTRY_TOKEN'], drain: '1s', watch: '500ms', instances: { 'api-v1.web': 2 } } },
  });
}

async function push(files: Record<string, string | undefined>): Promise<RunRecord> {
  return world.verdict('shop', await origin.push(files), buildMs);
}

test('one push builds, tests and deploys all apps, each at its path', async () => {
  // A project that deploys nothing yet: the secret is there before the first build.
  await world.call('project.apply', { config: config('later') });
  await world.call('source.look', { project: 'shop' });
  await world.call('secret.set', { ...place, name: 'REGISTRY_TOKEN', value: token });
  await world.call('project.apply', { config: config() });
  const run = await push({ 'shared/note': '1' });
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  assert.deepEqual(apps(run), ['site true nothing-live production', 'api-v1 true nothing-live production', 'tasks true nothing-live production']);
  assert.deepEqual([await title(), await get('/api'), await get('/api/items')], ['Shop version-1', 'v1 /api', 'v1 /api/items']);
  const { steps } = await world.call('run.show', { run: run.id });
  assert.deepEqual(steps.map(({ name }) => name).sort(), ['api-v1: build', 'api-v1: dependencies', 'api-v1: image', 'api-v1: test', 'deploy production', 'site: build', 'site: dependencies', 'site: image', 'site: test', 'tasks: image']);
});

test('apps reach each other by name and by a variable, and know who they are', async () => {
  const env = JSON.parse(await get('/api/env')) as Record<string, string>;
  assert.deepEqual([env.SITE_URL, env.API_V1_HOST, env.API_V1_PORT, env.REDCONTROL_APP, env.REDCONTROL_PROCESS], ['http://site:8080', 'api-v1', '3000', 'api-v1', 'web']);
  assert.match(await get('/api/site'), /Shop version-1/);
  const { text } = await world.call('environment.logs', { ...place, process: 'tasks.worker' });
  assert.match(text, /asked http:\/\/api-v1:3000/);
});

test('what runs is shown and changed by app', async () => {
  const listed = await world.call('app.list', place);
  assert.deepEqual(listed.map(({ process, wanted, instances }) => [process, wanted, instances.map(({ name, state }) => `${name} ${state}`)]), [
    ['site.web', 1, ['r1-site.web-1 running']], ['api-v1.web', 2, ['r1-api-v1.web-1 running', 'r1-api-v1.web-2 running']], ['tasks.worker', 1, ['r1-tasks.worker-1 running']],
  ]);
  await world.call('app.scale', { ...place, process: 'api-v1.web', instances: 1 });
  assert.deepEqual((await world.call('app.restart', { ...place, process: 'api-v1.web' })).map(({ instances }) => instances.length), [1, 1, 1]);
  await assert.rejects(world.call('app.restart', { ...place, process: 'web' }), { code: 'NOT_FOUND', message: /api-v1\.web/ });
  const { environments } = await world.call('project.show', { project: 'shop' });
  assert.deepEqual(environments[0]!.apps!.map(({ name, url, health, release }) => [name, url, health, release]), [
    ['site', `http://127.0.0.1:${port}`, 'up', 1], ['api-v1', `http://127.0.0.1:${port}/api`, 'up', 1], ['tasks', null, 'up', 1],
  ]);
  const job = await world.call('job.run', { ...place, job: 'nightly' });
  for (let ended = false; !ended; ) ended = (await world.call('job.history', { ...place, job: 'nightly' }))[0]!.finishedAt !== null;
  const log = await world.call('job.log', { ...place, job: 'nightly', start: job.id, offset: 0 });
  assert.match(Buffer.from(log.data, 'base64').toString(), /in api-v1/);
});

test('build arguments are in the build, secrets in no layer, history or log', async () => {
  const proof = JSON.parse(await get('/api/proof')) as { token: string; paint: string };
  assert.deepEqual(proof, { token: createHash('sha256').update(token).digest('hex'), paint: 'blue' });
  const image = (await newest()).apps!.find(({ name }) => name === 'api-v1')!.imageId;
  const found = await filesOfImage(image);
  assert.ok(found.files > 20, `${found.files} files of all layers`);
  const forms = [token, Buffer.from(token).toString('base64').replace(/=+$/, ''), encodeURIComponent(token), JSON.stringify(token).slice(1, -1), token.slice(0, 28)];
  for (const form of forms) assert.deepEqual(await found.holding(form), [], form);
  assert.ok((await found.holding('blue')).length > 0, 'what is no secret is found');
  const [run] = await world.call('run.list', { project: 'shop', limit: 1 });
  const { steps } = await world.call('run.show', { run: run!.id });
  let said = '';
  for (const { index } of steps) said += Buffer.from((await world.call('log.read', { run: run!.id, step: index, offset: 0, limit: 1_048_576 })).data, 'base64').toString();
  assert.match(said, /the token is \S*\*+/);
  for (const form of [...forms, token.slice(0, 28)]) assert.ok(!said.includes(form), form);
  assert.ok(!world.daemonLog().includes(token.slice(0, 28)));
});

test('a push runs and deploys only the app whose files it changes; the others are not even restarted', async () => {
  const before = await started();
  const watch = watchAnswers(`http://127.0.0.1:${port}/`);
  const run = await push({ 'backend/version.js': version('v2') });
  const { lost } = await watch.stop();
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  const base = (await world.call('release.list', { ...place, limit: 2 }))[1]!.commit.slice(0, 8);
  assert.deepEqual(apps(run), [`site false unchanged ${base}`, 'api-v1 true changed backend/version.js', `tasks false unchanged ${base}`]);
  const { steps } = await world.call('run.show', { run: run.id });
  assert.deepEqual(steps.map(({ name }) => name), ['api-v1: dependencies', 'api-v1: build', 'api-v1: test', 'api-v1: image', 'deploy production']);
  const after = await started();
  assert.deepEqual([await get('/api'), lost, after['site.web'], after['tasks.worker']], ['v2 /api', 0, before['site.web'], before['tasks.worker']]);
  assert.deepEqual((await newest()).apps!.map(({ name, release }) => [name, release]), [['site', 1], ['api-v1', 2], ['tasks', 1]]);
});

test('a push that concerns no app runs nothing and leaves everything as it is', async () => {
  const before = await started();
  const run = await push({ 'README.md': 'A better shop.\n' });
  assert.equal(run.status, 'succeeded');
  assert.ok(run.apps!.every(({ concerned }) => !concerned));
  assert.deepEqual((await world.call('run.show', { run: run.id })).steps, []);
  assert.deepEqual([(await newest()).number, await started()], [2, before]);
});

test('a failing test of one app keeps the others of the same push from being deployed; the next push brings both', async () => {
  const before = await started();
  const failed = await push({ 'frontend/index.html': html('version-2'), 'backend/version.js': version('broken') });
  assert.deepEqual([failed.status, failed.error?.code, await title(), await get('/api')], ['failed', 'STEP_FAILED', 'Shop version-1', 'v2 /api']);
  assert.deepEqual([(await newest()).number, await started()], [2, before]);
  const mended = await push({ 'backend/version.js': version('v3') });
  assert.equal(mended.status, 'succeeded', JSON.stringify(mended.error));
  assert.deepEqual(mended.apps!.map(({ concerned }) => concerned), [true, true, false]);
  assert.deepEqual([await title(), await get('/api')], ['Shop version-2', 'v3 /api']);
});

test('one app that does not get ready keeps all from being switched', async () => {
  const before = await started();
  const watch = watchAnswers(`http://127.0.0.1:${port}/api`);
  const run = await push({ 'frontend/index.html': html('version-3'), 'backend/version.js': version('dead') });
  const { lost, answers } = await watch.stop();
  assert.equal(run.status, 'failed');
  assert.deepEqual([await title(), lost, [...new Set(answers)]], ['Shop version-2', 0, ['v3 /api']]);
  assert.deepEqual([(await newest()).state, await started()], ['failed', before]);
  const containers = (await runOrThrow('docker', ['ps', '-a', '--filter', `label=redcontrol=${world.instance}`, '--format', '{{.Names}}'])).stdout;
  assert.ok(!containers.includes('--r4-'), containers);
});

test('going back starts only what differs', async () => {
  const before = await started();
  const run = await world.call('release.rollback', { ...place, release: 2 });
  for (let ended = false; !ended; ) ended = (await world.call('run.show', { run: run.id })).finishedAt !== null;
  assert.equal((await world.call('run.show', { run: run.id })).status, 'succeeded', JSON.stringify((await world.call('run.show', { run: run.id })).error));
  assert.deepEqual([await title(), await get('/api'), (await started())['tasks.worker']], ['Shop version-1', 'v2 /api', before['tasks.worker']]);
});

test('a daemon that was killed finds what runs on from older releases, and leaves it alone', async () => {
  const before = await started();
  await world.kill();
  await world.start();
  assert.deepEqual(await started(), before);
  assert.deepEqual([await title(), await get('/api')], ['Shop version-1', 'v2 /api']);
});

test('a forced push that takes away what is live concerns every app', async () => {
  await origin.git('reset', '--quiet', '--hard', 'HEAD~6');
  const run = await world.verdict('shop', await origin.push({ 'backend/version.js': version('v9') }, { force: true }), buildMs);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  assert.deepEqual(run.apps!.map(({ concerned, reason }) => `${concerned} ${reason}`), ['true history', 'true history', 'true history']);
  assert.deepEqual([await title(), await get('/api')], ['Shop version-1', 'v9 /api']);
});

/** Every file of every layer of an image as the engine saves it, unpacked, with its configuration and history. */
async function filesOfImage(image: string): Promise<{ files: number; holding(text: string): Promise<string[]> }> {
  const directory = join(world.directory, 'image');
  await mkdir(directory, { recursive: true });
  await runOrThrow('sh', ['-c', `docker save "$0" | tar -x -C "$1" && find "$1" -name '*.tar' | while read -r layer; do mkdir "$layer.d" && tar -x -C "$layer.d" -f "$layer" --exclude 'dev/*'; done`, image, directory], { timeoutMs: 120_000 });
  const history = await runOrThrow('docker', ['history', '--no-trunc', image]);
  const inspect = await runOrThrow('docker', ['inspect', image]);
  const { stdout } = await runOrThrow('sh', ['-c', 'find "$0" -type f | wc -l', directory]);
  return {
    files: Number(stdout),
    async holding(text) {
      const found = (await runOrThrow('sh', ['-c', 'grep -rlaF -- "$1" "$0" || true', directory, text])).stdout.split('\n').filter(Boolean);
      return [...found, ...(history.stdout.includes(text) ? ['history'] : []), ...(inspect.stdout.includes(text) ? ['configuration'] : [])];
    },
  };
}

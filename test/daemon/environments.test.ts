import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { listContainers, openEngine, removeContainer } from '@redcontrol/daemon';
import { stringify } from 'yaml';
import { docker } from '../server/docker.ts';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';
import type { TestRepository } from '../world/repository.ts';

let world: World;
let origin: TestRepository;
let ports: { production: number; test: number };

/** Migrates by writing to the database over its own protocol would need a client; that it is reached is what counts here. */
const migrate = `import { connect } from 'node:net';
const url = new URL(process.env.DATABASE_URL);
const socket = connect(Number(url.port), url.hostname, () => { console.log('migrated ' + url.hostname); socket.destroy(); });
socket.on('error', (error) => { console.error(error.message); process.exit(1); });
`;

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  const app = sampleApp('v1', { 'migrate.js': migrate });
  const manifest = JSON.parse(app['package.json']!);
  manifest.scripts.migrate = 'node migrate.js';
  origin = await world.repository('shop', { ...app, 'package.json': JSON.stringify(manifest) });
  ports = { production: await world.freePort(), test: await world.freePort() };
});
after(() => world.close());

function config(postgres: number = 15, more: Record<string, unknown> = {}): string {
  return stringify({
    project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' }, ...more,
    environments: {
      production: { deploy: { branch: 'main', tag: 'v*' }, port: ports.production, watch: '1s', drain: '1s', database: { engine: 'postgres', version: postgres } },
      test: { deploy: { branch: 'develop' }, port: ports.test, watch: '1s', drain: '1s', database: { engine: 'postgres', version: postgres }, redis: {} },
    },
  });
}

const environmentOf = async (port: number) => JSON.parse(await (await fetch(`http://127.0.0.1:${port}/env`)).text()) as Record<string, string>;

test('a branch of checks only deploys nowhere; its tag goes to production', async () => {
  await world.call('project.apply', { config: config() });
  // The first look floods nobody: production waits for a tag, so nothing runs yet.
  assert.deepEqual((await world.call('source.look', { project: 'shop' })).started, []);
  const head = await origin.push({ 'note.txt': 'pushed' });
  await world.call('source.look', { project: 'shop' });
  const checks = await world.verdict('shop', head);
  assert.deepEqual([checks.status, checks.environments], ['succeeded', []], JSON.stringify(checks.error));
  await origin.tag('v1.0.0');
  const { started } = await world.call('source.look', { project: 'shop' });
  assert.equal(started.length, 1);
  const run = await waitFor(started[0]!);
  assert.deepEqual([run.status, run.ref, run.environments], ['succeeded', 'v1.0.0', ['production']], JSON.stringify(run.error));
  const steps = (await world.call('run.show', { run: run.id })).steps;
  assert.deepEqual(steps.map((step) => step.name), ['dependencies', 'migrate', 'test', 'image', 'deploy production']);
  const { data } = await world.call('log.read', { run: run.id, step: 4, offset: 0 });
  assert.match(Buffer.from(data, 'base64').toString(), /migrated db/);
});

test('a tag whose commit is not on the branch is not deployed', async () => {
  await origin.push(setVersion('side'), { branch: 'side' });
  await origin.tag('v9.0.0');
  const { started } = await world.call('source.look', { project: 'shop' });
  const runs = await Promise.all(started.map(waitFor));
  assert.deepEqual(runs.map((run) => run.environments), runs.map(() => []));
  assert.equal(await (await fetch(`http://127.0.0.1:${ports.production}/`)).text(), 'v1');
});

test('production and test stand side by side with their own databases and variables', async () => {
  await origin.git('checkout', '--quiet', 'main');
  const commit = await origin.push(setVersion('dev'), { branch: 'develop' });
  await world.call('source.look', { project: 'shop' });
  const run = await world.verdict('shop', commit);
  assert.deepEqual([run.status, run.environments], ['succeeded', ['test']], JSON.stringify(run.error));
  const [production, other] = [await environmentOf(ports.production), await environmentOf(ports.test)];
  assert.match(production.DATABASE_URL!, /^postgres:\/\/app:[0-9a-f]{36}@db:5432\/app$/);
  assert.notEqual(production.DATABASE_PASSWORD, other.DATABASE_PASSWORD);
  assert.equal(production.REDIS_URL, undefined);
  assert.match(other.REDIS_URL!, /^redis:\/\/:[0-9a-f]{36}@redis:6379\/0$/);
  const state = await world.call('project.show', { project: 'shop' });
  assert.deepEqual(state.environments.map((one) => [one.name, one.health, one.database?.state]), [['production', 'up', 'ready'], ['test', 'up', 'ready']]);
});

test('another major version of the database is refused and the data untouched', async () => {
  await assert.rejects(world.call('project.apply', { config: config(17) }), { code: 'DATABASE_UPGRADE_REFUSED' });
  const { environments, revision } = await world.call('project.show', { project: 'shop' });
  assert.deepEqual([revision, environments[0]?.database?.version, environments[0]?.health], [1, '15', 'up']);
});

test('a signed webhook through the proxy starts the run at once; a forged or replayed one starts nothing', async () => {
  const { path, secret } = await world.call('webhook.show', { project: 'shop' });
  const commit = await origin.push(setVersion('hooked'), { branch: 'develop' });
  const body = JSON.stringify({ ref: 'refs/heads/develop', after: commit });
  const send = (key: string, delivery: string) =>
    fetch(`http://127.0.0.1:${world.httpPort}${path}`, {
      method: 'POST', body, headers: { 'content-type': 'application/json', 'x-github-event': 'push', 'x-github-delivery': delivery, 'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}` },
    }).then((response) => response.status);
  const before = (await world.call('run.list', { project: 'shop' })).length;
  assert.equal(await send('wrong', randomUUID()), 404);
  const delivery = randomUUID();
  assert.ok([200, 202].includes(await send(secret, delivery)));
  assert.equal((await world.verdict('shop', commit)).status, 'succeeded');
  await send(secret, delivery);
  await world.call('source.look', { project: 'shop' });
  assert.equal((await world.call('run.list', { project: 'shop' })).length, before + 1);
});

test('an environment that asks for a password is never open, with or without the value', async () => {
  const closed = config().replace('deploy:\n      branch: develop', 'traffic: { basicAuth: { anna: GATE } }\n    secrets: [GATE]\n    deploy:\n      branch: develop');
  await world.call('project.apply', { config: closed });
  const ask = (password?: string) => fetch(`http://127.0.0.1:${ports.test}/`, { headers: password === undefined ? {} : { authorization: `Basic ${Buffer.from(`anna:${password}`).toString('base64')}` } }).then((response) => response.status);
  assert.deepEqual([await ask(), await ask('')], [401, 401]);
  await world.call('secret.set', { project: 'shop', environment: 'test', name: 'GATE', value: 'open sesame' });
  assert.deepEqual([await ask(), await ask('wrong'), await ask('open sesame')], [401, 401, 200]);
  await world.call('project.apply', { config: config() });
  assert.equal(await ask(), 200);
});

test('a restarted daemon knows all, and the app serves on meanwhile', async () => {
  await world.kill('SIGTERM');
  assert.equal(await (await fetch(`http://127.0.0.1:${ports.test}/`)).text(), 'hooked');
  await world.start();
  const state = await world.call('project.show', { project: 'shop' });
  assert.deepEqual(state.environments.map((one) => one.health), ['up', 'up']);
  assert.equal(await (await fetch(`http://127.0.0.1:${ports.test}/`)).text(), 'hooked');
});

test('a container that is gone comes back with the daemon, on the image that was live', async () => {
  const before = (await world.call('project.show', { project: 'shop' })).environments[0]!.live!;
  await world.kill('SIGTERM');
  const engine = openEngine({ instance: world.instance });
  for (const container of await listContainers(engine, { role: 'web', environment: 'production' })) await removeContainer(engine, container.id);
  await world.start();
  await world.client();
  assert.equal(await (await fetch(`http://127.0.0.1:${ports.production}/`)).text(), 'v1');
  const [container] = await listContainers(engine, { role: 'web', environment: 'production' });
  assert.equal(container?.imageId, before.imageId);
});

test('a release migrates by the step\'s own command, and an image is the same whatever umask the daemon was started with', async () => {
  await world.call('project.apply', { config: config(15, { pipeline: [{ name: 'migrate', run: 'node migrate.js\necho by "$HAND"', variables: { HAND: 'hand' } }, 'test'] }) });
  await world.kill('SIGTERM');
  const umask = process.umask(0o077);
  await world.start();
  process.umask(umask);
  const commit = await origin.push(setVersion('by hand'), { branch: 'develop' });
  await world.call('source.look', { project: 'shop' });
  const run = await world.verdict('shop', commit);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  const { steps } = await world.call('run.show', { run: run.id });
  const { data } = await world.call('log.read', { run: run.id, step: steps.at(-1)!.index, offset: 0 });
  assert.match(Buffer.from(data, 'base64').toString(), /migrated db\nby hand\n/);
  const [container] = await listContainers(openEngine({ instance: world.instance }), { role: 'web', environment: 'test' });
  assert.equal(await docker(['exec', container!.id, 'stat', '-c', '%a', 'version.js', '.']), '644\n755');
});

async function waitFor(run: number) {
  for (;;) {
    const details = await world.call('run.show', { run });
    if (details.finishedAt !== null) return details;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { PreviewState, RunRecord } from '@redcontrol/contract';
import { execInContainer, listContainers, listNetworks, openEngine } from '@redcontrol/daemon';
import { stringify } from 'yaml';
import { databaseApp } from '../world/database-app.ts';
import { askSite } from '../world/ask-site.ts';
import type { TestRepository } from '../world/repository.ts';
import { createWorld, type World } from '../world/world.ts';

let world: World;
let origin: TestRepository;
let port = 0;
const project = 'shop';
const seed = `node run.js "insert into orders (note) values ('seeded')"`;
const scrub = `node run.js "update orders set note = 'scrubbed'"`;

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  origin = await world.repository(project, await databaseApp());
  port = await world.freePort();
  await apply({ max: 3, memory: '128M', seed });
  await world.call('secret.set', { project, environment: 'production', name: 'API_KEY', value: 'key-of-production' });
  await finished(await origin.git('rev-parse', 'HEAD'));
});
after(() => world.close());

/** Of domains: ports from 8000 on are those of every daemon of this machine. */
const apply = (preview: object) => world.call('project.apply', {
  config: stringify({
    project, repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' }, pipeline: ['migrate'], processes: { web: { instances: 2, health: { path: '/', timeout: '20s' } } },
    environments: { production: { deploy: { branch: 'main' }, port, watch: '500ms', drain: '1s', secrets: ['API_KEY'], database: { engine: 'postgres', version: 15 }, https: 'off', preview: { pattern: 'feature/*', domain: '*.preview.test', ...preview } } },
  }),
});

async function finished(commit: string): Promise<RunRecord> {
  await world.call('source.look', { project });
  const run = await world.verdict(project, commit);
  const { steps } = await world.call('run.show', { run: run.id });
  for (const step of steps.filter(({ status }) => status === 'failed')) {
    const { data } = await world.call('log.read', { run: run.id, step: step.index, offset: 0 });
    console.error(`${step.name}: ${Buffer.from(data, 'base64').toString()}`);
  }
  return run;
}

async function push(branch: string, files: Record<string, string> = { 'note.txt': branch }): Promise<RunRecord> {
  const run = await finished(await origin.push(files, { branch }));
  await origin.git('checkout', '--quiet', 'main');
  return run;
}

const previews = () => world.call('preview.list', { project });
const previewOf = async (branch: string): Promise<PreviewState> => (await previews()).find((one) => one.branch === branch)!;
const answer = async (url: string) => (await askSite(world, url)).text;

async function psql(environment: string, statement: string): Promise<string> {
  let said = '';
  const { exitCode } = await execInContainer(openEngine({ instance: world.instance }), { container: `rc-${world.instance}-shop--${environment}--db`, command: ['psql', '-qAt', '-U', 'app', '-d', 'app', '-c', statement], onOutput: (chunk) => void (said += chunk.toString()), timeoutMs: 60_000 });
  assert.equal(exitCode, 0, said);
  return said.trim();
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries += 1) {
    assert.ok(tries < 600, 'too late');
    await delay(200);
  }
}

test('a pushed branch has an environment of its own: URL, seeded database, secrets of its base, one small instance', { timeout: 300_000 }, async () => {
  const run = await push('feature/a-b');
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  const preview = await previewOf('feature/a-b');
  assert.deepEqual([preview.base, preview.state, preview.keptBy, preview.live?.commit], ['production', 'open', null, run.commit]);
  assert.match(preview.name, /^preview-feature-a-b-[0-9a-f]{8}$/);
  assert.deepEqual(run.environments, [preview.name]);
  assert.equal(preview.endsAt, preview.pushedAt + 14 * 86_400_000);
  assert.equal(await answer(preview.url), '1');
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), '0');

  const [web, ...others] = await world.call('app.list', { project, environment: preview.name });
  assert.deepEqual([others.length, web?.instances.length], [0, 1]);
  const state = (await world.call('environment.list', { project })).find(({ name }) => name === preview.name);
  assert.deepEqual([state?.url, state?.preview?.branch, state?.health], [preview.url, 'feature/a-b', 'up']);
  const live = (await world.call('events.list', { after: 0, limit: 1000 })).find((event) => event.kind === 'release.live' && event.environment === preview.name);
  assert.equal(live?.data.url, preview.url);
});

test('two branches that look the same have a preview each, and a long hostile name works as any other', { timeout: 300_000 }, async () => {
  assert.equal((await push('feature/a_b')).status, 'succeeded');
  const hostile = `feature/--rm-$(reboot)';"&|ё${'x'.repeat(120)}`;
  assert.equal((await push(hostile)).status, 'succeeded');
  const names = (await previews()).map(({ name }) => name);
  assert.equal(new Set(names).size, 3);
  for (const branch of ['feature/a-b', 'feature/a_b', hostile]) assert.equal(await answer((await previewOf(branch)).url), '1');
});

test('the next push goes to the same preview and keeps its data; more than there may be end the one pushed to longest ago, unless it is kept', { timeout: 300_000 }, async () => {
  const preview = await previewOf('feature/a-b');
  await world.call('preview.keep', { project, environment: preview.name, keep: true });
  const other = await previewOf('feature/a_b');
  await psql(other.name, "insert into orders (note) values ('mine')");
  assert.equal((await push('feature/a_b', { 'note.txt': 'again' })).status, 'succeeded');
  assert.equal(await answer(other.url), '2');
  await apply({ max: 2, memory: '128M', seed });
  assert.equal((await push('feature/fourth')).status, 'succeeded');
  await until(async () => (await previews()).length === 3);
  assert.deepEqual((await previews()).map(({ branch }) => branch), ['feature/fourth', 'feature/a_b', 'feature/a-b']);
  assert.equal((await previewOf('feature/a-b')).endsAt, null);
});

test('removed by hand it is gone, and comes back with its branch by hand or by the next push', { timeout: 300_000 }, async () => {
  const preview = await previewOf('feature/fourth');
  assert.equal((await world.call('preview.remove', { project, environment: preview.name })).state, 'ending');
  await until(async () => (await previewOf('feature/fourth')) === undefined);
  await world.call('source.look', { project });
  assert.equal(await previewOf('feature/fourth'), undefined);
  assert.equal((await askSite(world, preview.url)).status, 404);
  await assert.rejects(world.call('preview.create', { project, branch: 'main' }), { code: 'CONFLICT', message: /a branch that has previews/ });
  const { id } = await world.call('preview.create', { project, branch: 'feature/fourth' });
  await until(async () => (await world.call('run.show', { run: id })).status === 'succeeded');
  assert.equal(await answer((await previewOf('feature/fourth')).url), '1');
});

test('a seed that fails fails the run, and the next begins with an empty database', { timeout: 300_000 }, async () => {
  await apply({ seed: `node run.js "insert into orders (note) values ('seeded')"; test "$(cat note.txt)" = right` });
  const failed = await push('feature/seed', { 'note.txt': 'wrong' });
  assert.deepEqual([failed.status, failed.error?.code], ['failed', 'PREVIEW_FAILED']);
  assert.equal((await push('feature/seed', { 'note.txt': 'right' })).status, 'succeeded');
  assert.equal(await answer((await previewOf('feature/seed')).url), '1');
});

test('a clone has the data of another environment, scrubbed before any code of the branch sees them', { timeout: 300_000 }, async () => {
  await psql('production', "insert into orders (note) select 'secret of a customer' from generate_series(1, 300)");
  await apply({ clone: { of: 'production', scrub } });
  // The branch's own way to scrub would keep all: it is not asked.
  const run = await push('feature/clone', { 'run.js': 'process.exit(0)', 'query.sql': "select count(*) || ' ' || min(note) || ' ' || max(note) as answer from orders" });
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  const preview = await previewOf('feature/clone');
  assert.equal(await answer(preview.url), '300 scrubbed scrubbed');
  assert.equal(await psql('production', "select count(*) from orders where note = 'secret of a customer'"), '300');

  await apply({ clone: { of: 'production', scrub: 'echo cannot; exit 3' } });
  const failed = await push('feature/unscrubbed');
  assert.deepEqual([failed.status, failed.error?.code], ['failed', 'PREVIEW_FAILED']);
  assert.equal(await psql((await previewOf('feature/unscrubbed')).name, 'select count(*) from pg_tables where schemaname = \'public\''), '0');
  const engine = openEngine({ instance: world.instance });
  assert.deepEqual([(await listContainers(engine, { role: 'scratch' })).length, await listNetworks(engine, { role: 'scratch' })], [0, []]);
});

test('without `preview` in the configuration they end, and the environment stays', { timeout: 300_000 }, async () => {
  await world.call('project.apply', {
    config: stringify({
      project, repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' }, pipeline: ['migrate'],
      environments: { production: { deploy: { branch: 'main' }, port, secrets: ['API_KEY'], database: { engine: 'postgres', version: 15 } } },
    }),
  });
  await until(async () => (await previews()).length === 0);
  assert.deepEqual((await world.call('environment.list', { project })).map(({ name, health }) => [name, health]), [['production', 'up']]);
});

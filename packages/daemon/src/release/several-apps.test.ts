import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { asRedControlError } from '@redcontrol/contract';
import { testEngine } from '../../test/test-engine.ts';
import { createAppWorld } from '../app/test-bed/app-world.ts';
import { listContainers } from '../engine/index.ts';
import { addRelease, getProject, getRelease, liveRelease, setReleaseState, type StoredRelease } from '../store/index.ts';
import { abandonRelease } from './abandon-release.ts';
import { bringOver } from './bring-over.ts';
import { drainsEnded } from './drain-release.ts';
import { recoverReleases } from './recover.ts';
import type { AppPart, KeptSnapshot, ReleaseSnapshot } from './release-snapshot.ts';
import { openSnapshot, sealSnapshot } from './sealed-snapshot.ts';

const engine = testEngine('apps');
let world: Awaited<ReturnType<typeof createAppWorld>>;
let base: ReleaseSnapshot;
let imageId: string;
const program = (text: string) => `exec node -e "require('http').createServer((request, response) => response.end('${text} ' + request.url)).listen(3000)"`;
const never = new AbortController().signal;

before(async () => {
  world = await createAppWorld(engine, { web: { run: program('only') } });
  base = world.snapshot() as ReleaseSnapshot;
  ({ imageId } = liveRelease(world.daemon.store, 'shop', 'production')!);
});
after(async () => {
  await drainsEnded();
  await world.close();
});

const get = async (path: string) => (await fetch(`http://127.0.0.1:${world.port}${path}`)).text();
const names = async () => (await listContainers(world.engine, world.owner)).map(({ name }) => name.slice(name.lastIndexOf('--') + 2)).sort();

/** One app with a web process, as a release keeps it. */
function part(run: string, path?: string): AppPart {
  return { ...base, processes: base.processes.map((process) => ({ ...process, command: run })), imageId, route: path === undefined ? {} : { path } };
}

function carried(app: string): AppPart {
  const live = liveRelease(world.daemon.store, 'shop', 'production')!;
  const kept = openSnapshot(world.daemon, live) as { apps: Record<string, AppPart> };
  return { ...kept.apps[app]!, origin: kept.apps[app]!.origin ?? { id: live.id, number: live.number, commit: live.commit } };
}

function begin(snapshot: KeptSnapshot): StoredRelease {
  const { store } = world.daemon;
  return store.transaction(() => addRelease(store, { ...world.owner, runId: 2, commit: 'b'.repeat(40), ref: 'main', message: 'm', author: 'Anna', imageId, snapshot: sealSnapshot(world.daemon, world.owner, snapshot), rollbackOf: null, revision: 1, createdAt: Date.now() }));
}

async function release(snapshot: KeptSnapshot): Promise<StoredRelease> {
  const added = begin(snapshot);
  const settings = getProject(world.daemon.store, 'shop')!.config.environments.production!;
  await bringOver(world.daemon, added, { settings, say: () => {}, signal: never }).catch((error: unknown) => abandonRelease(world.daemon, added, asRedControlError(error), () => {}));
  await drainsEnded();
  return getRelease(world.daemon.store, added.id)!;
}

test('an only app gives way to several at their paths, without a lost request', async () => {
  const lost: unknown[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) if (!/^(only|site)/.test(await get('/').catch(String))) lost.push(await get('/').catch(String));
  })();
  const { state, error } = await release({ apps: { site: part(program('site 2')), api: part(program('api 2'), '/api') } });
  isOver = true;
  await asking;
  assert.deepEqual([state, error, lost], ['live', null, []]);
  assert.deepEqual([await get('/'), await get('/api'), await get('/api/x?y=1'), await get('/apis')], ['site 2 /', 'api 2 /api', 'api 2 /api/x?y=1', 'site 2 /apis']);
  assert.deepEqual(await names(), ['r2-api.web-1', 'r2-site.web-1']);
});

test('an app that a release does not concern keeps its containers, also over several releases', async () => {
  assert.equal((await release({ apps: { site: carried('site'), api: part(program('api 3'), '/api') } })).state, 'live');
  assert.equal((await release({ apps: { site: carried('site'), api: part(program('api 4'), '/api') } })).state, 'live');
  assert.deepEqual([await get('/'), await get('/api'), await names()], ['site 2 /', 'api 4 /api', ['r2-site.web-1', 'r4-api.web-1']]);
});

test('one app that ends at its start keeps the other, which is ready, from being switched', async () => {
  const failed = await release({ apps: { site: part(program('site 5')), api: part('exit 7', '/api') } });
  assert.deepEqual([failed.state, failed.error?.code], ['failed', 'RELEASE_NOT_READY']);
  assert.match(failed.error!.message, /^api: /);
  assert.deepEqual([await get('/'), await get('/api'), await names()], ['site 2 /', 'api 4 /api', ['r2-site.web-1', 'r4-api.web-1']]);
});

test('one app that ends after the switch takes all of them back', async () => {
  const dies = `exec node -e "require('http').createServer((request, response) => response.end('api 6')).listen(3000); setTimeout(() => process.exit(3), 4000)"`;
  const late = part(dies, '/api');
  const reverted = await release({ apps: { site: { ...part(program('site 6')), watchMs: 6000 }, api: { ...late, watchMs: 6000 } } });
  assert.deepEqual([reverted.state, reverted.error?.code], ['reverted', 'RELEASE_CRASHED']);
  assert.deepEqual([await get('/'), await get('/api'), await names()], ['site 2 /', 'api 4 /api', ['r2-site.web-1', 'r4-api.web-1']]);
});

test('a daemon that died in the watch completes the release, and leaves what runs on from an older one', async () => {
  const { store } = world.daemon;
  const added = begin({ apps: { site: carried('site'), api: part(program('api 7'), '/api') } });
  for (const state of ['starting', 'switching', 'watching'] as const) store.transaction(() => setReleaseState(store, added, state, { at: Date.now() }));
  await recoverReleases(world.daemon);
  await drainsEnded();
  assert.deepEqual([getRelease(store, added.id)!.state, await get('/'), await get('/api'), await names()], ['live', 'site 2 /', 'api 7 /api', ['r2-site.web-1', 'r7-api.web-1']]);
});

test('several apps give way to an only one again', async () => {
  const only = { ...base, processes: base.processes.map((process) => ({ ...process, command: program('only 8') })) };
  assert.equal((await release(only)).state, 'live');
  assert.deepEqual([await get('/'), await get('/api'), await names()], ['only 8 /', 'only 8 /api', ['r8-web-1']]);
});

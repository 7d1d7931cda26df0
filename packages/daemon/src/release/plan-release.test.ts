import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appConfigs, projectConfig } from '@redcontrol/contract';
import type { AppRecipe } from '@redcontrol/presets';
import { planRelease, planRollback, type KnownRelease, type ReleasePlan } from './plan-release.ts';
import { isOfApps } from './release-snapshot.ts';

const recipe = { framework: 'node', release: { migrate: undefined, web: undefined, port: 3000, healthPath: '/', variables: {} } } as unknown as AppRecipe;
const project = projectConfig.parse({
  project: 'shop', repository: 'https://git.example.com/acme/shop.git', servers: { main: { host: '203.0.113.10' } },
  environments: { production: { deploy: { branch: 'main' }, domain: 'shop.test', variables: { API_HOST: 'elsewhere' }, instances: { 'api.web': 3 } } },
  apps: { site: { root: 'site' }, api: { root: 'api', path: '/api', domain: ['admin', 'x.example.com'] }, tasks: { root: 'tasks', processes: { worker: { run: 'true' }, web: { port: 80 } } } },
});

function plan(images: Record<string, string>, live?: KnownRelease, commit = 'c1'): ReleasePlan {
  const contexts = appConfigs(project).flatMap(({ app, config }) => (images[app!] ? [{ app, config, recipe, imageId: images[app!] }] : []));
  return planRelease({ contexts, project, commit, environment: 'production', live, variables: { SECRET: 's' } });
}

function known(id: number, { apps, ...rest }: ReleasePlan, commit: string): KnownRelease {
  return { id, number: id, commit, ...rest, apps: apps?.map((app) => ({ ...app, release: app.release || id })) ?? null };
}

function parts({ snapshot }: Pick<ReleasePlan, 'snapshot'>) {
  assert.ok(isOfApps(snapshot));
  return snapshot.apps;
}

const first = known(1, plan({ site: 'A1', api: 'B1', tasks: 'C1' }), 'c1');

test('each app has its image, its place, its number of instances, and the way to the others', () => {
  const { site, api } = parts(first);
  assert.deepEqual([site!.imageId, site!.route, api!.route], ['A1', {}, { path: '/api', domains: ['admin.shop.test', 'x.example.com'] }]);
  assert.deepEqual(api!.processes.map(({ name, instances }) => [name, instances]), [['web', 3]]);
  const { API_HOST, API_URL, SITE_URL, TASKS_PORT, SECRET } = site!.variables;
  assert.deepEqual([API_HOST, API_URL, SITE_URL, TASKS_PORT, SECRET], ['elsewhere', 'http://api:3000', 'http://site:3000', '80', 's']);
});

test('an app that a run does not concern runs on, from the release that started it, however many come after', () => {
  const second = known(2, plan({ api: 'B2' }, first, 'c2'), 'c2');
  const third = plan({ api: 'B3' }, second, 'c3');
  assert.deepEqual(third.apps, [
    { name: 'site', imageId: 'A1', commit: 'c1', release: 1 }, { name: 'api', imageId: 'B3', commit: 'c3', release: 0 }, { name: 'tasks', imageId: 'C1', commit: 'c1', release: 1 },
  ]);
  assert.deepEqual(parts(third).site!.origin, { id: 1, number: 1, commit: 'c1' });
  assert.throws(() => plan({ api: 'B2' }), { code: 'CONFLICT', message: /site/ });
});

test('going back starts only what differs, and knows what it was built from', () => {
  const second = known(2, plan({ api: 'B2' }, first, 'c2'), 'c2');
  const back = known(3, planRollback(first, second, project), 'c1');
  assert.deepEqual(back.apps, [
    { name: 'site', imageId: 'A1', commit: 'c1', release: 1 }, { name: 'api', imageId: 'B1', commit: 'c1', release: 3 }, { name: 'tasks', imageId: 'C1', commit: 'c1', release: 1 },
  ]);
  const forth = planRollback(second, back, project);
  assert.deepEqual(forth.apps!.map(({ name, imageId, commit, release }) => [name, imageId, commit, release]), [['site', 'A1', 'c1', 1], ['api', 'B2', 'c2', 0], ['tasks', 'C1', 'c1', 1]]);
});

test('apps that are no longer configured do not come back, those that came since stay', () => {
  const { tasks: _tasks, ...apps } = project.apps!;
  const changed = { ...project, apps };
  const { site: _site, ...others } = parts(first);
  const without: KnownRelease = { ...first, snapshot: { apps: others }, apps: first.apps!.filter(({ name }) => name !== 'site') };
  assert.deepEqual(planRollback(without, { ...first, id: 9, number: 9 }, changed).apps!.map(({ name, release }) => [name, release]), [['api', 9], ['site', 9]]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkConfig } from '../check-config.ts';
import { pathText, problemMessage } from '../problem.ts';

function problems(apps: unknown, { environments = {}, ...extra }: Record<string, unknown> & { environments?: object } = {}) {
  const verdict = checkConfig({
    project: 'shop', repository: 'https://git.example.com/acme/shop.git', servers: { main: { host: '203.0.113.10' } },
    environments: { production: { deploy: { branch: 'main' }, domain: 'shop.example.com' }, ...environments }, apps, ...extra,
  });
  return verdict.problems.map((problem) => ({ at: pathText(problem.path), message: problemMessage(problem) }));
}

const site = { root: 'frontend' };

test('apps in places of their own are in order', () => {
  assert.deepEqual(problems({ site, api: { root: 'backend', path: '/api' }, admin: { root: 'admin', domain: 'admin' }, tasks: { root: 'tasks', processes: { worker: { run: 'true' } } } }, {
    jobs: { nightly: { cron: '0 3 * * *', run: 'true', app: 'tasks' } },
  }), []);
});

test('two apps in one place are told where they stand', () => {
  const [one] = problems({ site, api: { root: 'backend' } });
  assert.deepEqual([one!.at, /which app site has/.test(one!.message)], ['apps.api', true]);
  assert.deepEqual(problems({ site: { ...site, path: '/a/' }, api: { root: 'backend', path: '/a' } }).map(({ at }) => at), ['apps.api']);
  assert.deepEqual(problems({ site, api: { root: 'backend', domain: 'shop.example.com' } }).map(({ at }) => at), ['apps.api.domain']);
});

test('roots: used twice, absolute, outside the tree', () => {
  assert.deepEqual(problems({ site, api: { root: './frontend/', path: '/api' } }).map(({ at }) => at), ['apps.api.root']);
  for (const root of ['../other', '/etc', 'a/../../b', '']) assert.deepEqual(problems({ site: { root } }).map(({ at }) => at), ['apps.site.root'], root);
});

test('names that lead elsewhere or could be mistaken', () => {
  for (const name of ['db', 'redis', 'database', 'localhost', 'a--b', 'a-']) assert.deepEqual(problems({ [name]: site }).map(({ at }) => at), [`apps.${name}`], name);
  for (const name of ['Site', 'a.b', '../x', '$(id)', 'a b', '-a', '__proto__']) assert.notDeepEqual(problems(JSON.parse(`{${JSON.stringify(name)}: {"root": "x"}}`)), [], name);
});

test('a domain of more than one environment, and a word without a domain to stand before', () => {
  const two = { environments: { test: { deploy: { branch: 'develop' } } } };
  assert.match(problems({ site: { ...site, domain: 'www.example.com' } }, two)[0]!.message, /2 environments would have/);
  assert.match(problems({ site: { ...site, domain: 'www' } }, two)[0]!.message, /environment test has no domain/);
});

test('what is of one app does not stand beside several, and what is of all knows its app', () => {
  const found = problems({ site }, { framework: 'vite', root: 'x', processes: { web: {} }, jobs: { a: { cron: '0 3 * * *', run: 'true' }, b: { cron: '0 3 * * *', run: 'true', app: 'sight' } } });
  assert.deepEqual(found.map(({ at }) => at), ['root', 'framework', 'processes', 'jobs.a', 'jobs.b.app']);
  assert.deepEqual(problems(undefined, { jobs: { a: { cron: '0 3 * * *', run: 'true', app: 'site' } } }).map(({ at }) => at), ['jobs.a.app']);
  assert.deepEqual(problems({ site }, { environments: { test: { deploy: { branch: 'x' }, instances: { web: 2, 'site.web': 2 } } } }).map(({ at }) => at), ['environments.test.instances.web']);
});

test('secrets of a build are those of an environment, and no arguments', () => {
  const withSecret = { environments: { production: { deploy: { branch: 'main' }, secrets: ['NPM_TOKEN'] } } };
  assert.deepEqual(problems({ site: { ...site, build: { secrets: ['NPM_TOKEN'] } } }, withSecret), []);
  const [one, ...more] = problems({ site: { ...site, build: { secrets: ['NPM_TOKN'] } } }, withSecret);
  assert.deepEqual([one!.at, more.length], ['apps.site.build.secrets[0]', 0]);
  assert.deepEqual(problems(undefined, { build: { secrets: ['NPM_TOKEN'], arguments: { NPM_TOKEN: 'x' } }, ...withSecret }).map(({ at }) => at), ['build.secrets[0]']);
});

test('too many, and none', () => {
  assert.deepEqual(problems({}).map(({ at }) => at), ['apps']);
  assert.deepEqual(problems(Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`a${index}`, { root: `a${index}`, path: `/${index}` }]))).map(({ at }) => at), ['apps']);
});

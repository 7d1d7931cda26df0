import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectConfig, type Framework } from '@redcontrol/contract';
import { memoryView } from './memory-view.ts';
import { describeApp } from '../src/describe-app.ts';
import { maxProcfileProcesses, parseProcfile } from '../src/procfile/parse-procfile.ts';
import { withProcfile } from '../src/procfile/with-procfile.ts';

const django = { 'manage.py': 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")', 'requirements.txt': 'Django==5.2\ncelery==5.5\n', 'shop/wsgi.py': '' };
const celery = '# On the platform of before.\nweb: gunicorn shop.wsgi --bind 0.0.0.0:$PORT --workers 3\r\n\nworker: celery -A shop worker --loglevel=info\nbeat : celery -A shop beat\nrelease: python manage.py migrate\n';

async function plan(files: Record<string, string>, { framework = 'django', more = {} }: { framework?: Framework; more?: object } = {}) {
  const config = projectConfig.parse({
    project: 'shop', repository: 'https://git.example.com/acme/shop.git', servers: { main: { host: '203.0.113.10' } }, environments: { production: { deploy: { branch: 'main' } } }, ...more,
  });
  const described = await describeApp(memoryView(files), framework);
  return { described, ...withProcfile(config, described) };
}

test('a Procfile gives the processes, web among them; the framework\'s migration stays', async () => {
  const { config, recipe, described } = await plan({ ...django, Procfile: celery });
  assert.deepEqual(Object.entries(config.processes).map(([name, { run, memory, instances }]) => [name, run, memory, instances]), [
    ['web', 'gunicorn shop.wsgi --bind 0.0.0.0:$PORT --workers 3', '512M', 1], ['worker', 'celery -A shop worker --loglevel=info', '512M', 1], ['beat', 'celery -A shop beat', '512M', 1],
  ]);
  assert.equal(recipe.release.migrate, 'python manage.py migrate --noinput');
  assert.match(described.notes.join('\n'), /release:" of the Procfile is not used[\s\S]*processes web, worker, beat/);
});

test('it is not read where the configuration names processes, also not for its mistakes and its migration', async () => {
  const { config, recipe } = await plan({ 'go.mod': 'module shop\n', 'main.go': 'package main', Procfile: 'web: bin/shop\nrelease: bin/migrate\nWeb!\n' }, { framework: 'go', more: { processes: { web: { instances: 2 } } } });
  assert.deepEqual([Object.keys(config.processes), config.processes.web?.run, recipe.release.migrate], [['web'], undefined, undefined]);
});

test('release: is the migration where the framework has none', async () => {
  const { recipe } = await plan({ 'go.mod': 'module shop\n', 'main.go': 'package main', Procfile: 'release: bin/migrate up\n' }, { framework: 'go' });
  assert.equal(recipe.release.migrate, 'bin/migrate up');
});

test('without a Procfile, or with an empty one, all is as before', async () => {
  for (const files of [django, { ...django, Procfile: '\n# later\n' }, { ...django, 'Procfile/notes.txt': '' }]) assert.deepEqual((await plan(files)).config.processes, {});
});

test('a web command whose program lies elsewhere in the image is left, and said', async () => {
  const spring = await plan({ 'pom.xml': '<project/>', Procfile: 'web: java $JAVA_OPTS -jar target/shop-1.0.jar\nworker: java -cp /app/app.jar Worker\n' }, { framework: 'spring-boot' });
  assert.deepEqual(Object.keys(spring.config.processes), ['worker']);
  assert.match(spring.described.notes.join('\n'), /"web:" of the Procfile is not used/);
  assert.deepEqual((await plan({ 'index.html': '', Procfile: 'web: serve -s dist' }, { framework: 'vite' })).config.processes, {});
});

test('a hostile Procfile stops the run with its lines, and never more than a few', async () => {
  const cases: [text: string, expected: RegExp][] = [
    ['web: a\nweb: b\n', /line 2: Expected each name once, got "web" again after line 1/],
    ['web: a\nsidekiq_mail: b\n', /line 2: Expected a name of a–z.*"sidekiq_mail"/],
    ['../../etc: a', /line 1: Expected "NAME: COMMAND", got "..\/..\/etc: a"/],
    ['web:\n', /line 1: Expected a command after "web:", got nothing/],
    ['web: a\0b', /line 1: Expected a command of at most/],
    [`web: ${'x'.repeat(5_000)}`, /line 1: Expected a command of at most/],
    ['-web: a', /line 1: Expected a name/],
    [`${'a: b\n'.repeat(30_000)}`, /Expected at most 65536 bytes/],
    ['x'.repeat(2_000_000), /Expected the Procfile to be a text/],
    [Array.from({ length: maxProcfileProcesses + 1 }, (_, index) => `p${index}: a`).join('\n'), /line 51: Expected at most 50 processes/],
    ['__proto__: a', /line 1: Expected a name/],
  ];
  for (const [Procfile, message] of cases) await assert.rejects(plan({ ...django, Procfile }), { code: 'CONFIG_INVALID', message, hint: /processes:/ }, Procfile.slice(0, 40));
  assert.equal(parseProcfile('?\n'.repeat(10_000)).problems.length, 20);
});

test('a process called constructor is one as any other', async () => {
  assert.deepEqual(Object.keys((await plan({ ...django, Procfile: 'constructor: a' })).config.processes), ['constructor']);
});

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { runTestCli } from '../cli/test-cli.ts';
import { loadConfig } from '../config/load-config.ts';

let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'redcontrol-import-'))));
after(() => rm(folder, { recursive: true }));

const told = ['--repository', 'https://git.example.com/acme/shop.git', '--branch', 'main'];
const express = { 'package.json': JSON.stringify({ scripts: { start: 'node .', test: 'node --test' }, dependencies: { express: '5', ioredis: '5' } }), 'package-lock.json': '{}', 'index.js': '' };

async function importFiles(files: Record<string, string>, ...args: string[]) {
  const path = await mkdtemp(join(folder, 'app-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  const result = await runTestCli(['import', ...told, ...args], { folder: path });
  const text = await readFile(join(path, 'redcontrol.yml'), 'utf8').catch(() => undefined);
  return { ...result, path, text, config: text === undefined ? undefined : loadConfig(text, 'redcontrol.yml').config };
}

test('Procfile and app.json together become one configuration', async () => {
  const { code, stdout, text, config } = await importFiles({
    ...express, Procfile: 'web: node index.js\nworker: node worker.js\nrelease: node migrate.js\n',
    'app.json': '{"env": {"NODE_ENV": "production", "SESSION_SECRET": {"generator": "secret"}}, "formation": {"web": {"quantity": 2}, "clock": {"quantity": 1}}, "addons": ["heroku-postgresql"]}',
  }, '--host', '203.0.113.10', '--test-branch', 'develop');
  assert.equal(code, 0);
  assert.equal(config?.framework, 'node');
  assert.deepEqual(Object.entries(config?.processes ?? {}).map(([name, { run, instances }]) => [name, run, instances]), [['web', 'node index.js', 2], ['worker', 'node worker.js', 1]]);
  const migrate = config?.pipeline.find((step) => typeof step !== 'string');
  assert.deepEqual([config?.pipeline.length, typeof migrate === 'object' && [migrate.name, migrate.run]], [2, ['migrate', 'node migrate.js']]);
  const environments = Object.entries(config?.environments ?? {}).map(([name, { variables, secrets, database, redis }]) => [name, variables, secrets, database?.engine, redis]);
  assert.deepEqual(environments, ['production', 'test'].map((name) => [name, { NODE_ENV: 'production' }, ['SESSION_SECRET'], 'postgres', {}]));
  assert.match(text ?? '', /# From Procfile, app\.json\.\nprocesses:/);
  assert.match(stdout, /processes {2}web, worker\n[\s\S]*Not taken over, 2 lines:\n[\s\S]*app\.json:1 the process clock – none of the files has a command/);
});

test('Kamal\'s file says project, server, domain, versions and what is kept', async () => {
  const { code, stderr, config, stdout } = await importFiles({
    Dockerfile: 'FROM ruby\nEXPOSE 3000\n',
    'config/deploy.yml': 'service: store\nimage: acme/store\nservers:\n  web: [203.0.113.7]\n  job: { hosts: [203.0.113.7], cmd: bin/jobs }\nproxy: { ssl: false, host: store.example.com, app_port: 3000 }\nenv: { secret: [RAILS_MASTER_KEY] }\nvolumes: ["storage:/rails/storage"]\naccessories: { db: { image: "postgres:16" }, redis: { image: "redis:7.2" } }\nretain_containers: 3\nbuilder: { args: { RUBY: 3.4 } }\n',
  }, '--json');
  assert.deepEqual([code, stderr], [0, '']);
  assert.deepEqual([config?.project, config?.servers.main?.host, config?.framework, config?.keep.releases, config?.build.arguments], ['store', '203.0.113.7', 'dockerfile', 3, { RUBY: '3.4' }]);
  const { domain, https, database, redis, secrets } = config!.environments.production!;
  assert.deepEqual([domain, https, database?.version, redis, secrets], ['store.example.com', 'off', '16', { version: '7.2' }, ['RAILS_MASTER_KEY']]);
  const json = JSON.parse(stdout) as { processes: string[]; left: { file: string; line: number; what: string }[] };
  assert.deepEqual(json.processes, ['web', 'job']);
  assert.ok(json.left.some(({ file, line, what }) => file === 'config/deploy.yml' && line === 2 && what === 'image'));
});

test('of two migrations the framework\'s is taken, and that is told', async () => {
  const { stdout, config } = await importFiles({
    'manage.py': 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")', 'requirements.txt': 'Django==5.2\n', Procfile: 'web: gunicorn shop.wsgi\nrelease: ./release.sh\n',
  }, '--host', 'a');
  assert.deepEqual(config?.pipeline, ['build', 'migrate', 'test']);
  assert.match(stdout, /Procfile:2 the migration \.\/release\.sh – the framework's own is taken/);
});

test('a worker that two files call by two names runs once, and what they say differently is told', async () => {
  const { stdout, config } = await importFiles({
    Dockerfile: 'FROM x\n', Procfile: 'web: puma -p 1\nworker: sidekiq\n', 'docker-compose.yml': 'services:\n  web: { build: ., command: puma }\n  sidekiq: { build: ., command: sidekiq }\n',
  }, '--host', 'a');
  assert.deepEqual(Object.entries(config?.processes ?? {}).map(([name, { run }]) => [name, run]), [['web', 'puma'], ['sidekiq', 'sidekiq']]);
  assert.match(stdout, /Procfile:1 web\.run – another of the files says otherwise.*\n.*Procfile:2 the process worker – sidekiq has the same command/);
});

test('a compose file whose app lies in a folder', async () => {
  const { config, stderr } = await importFiles({ 'docker-compose.yml': 'services:\n  web: { build: ./backend, ports: ["8000:8000"], environment: ["GREETING=a: {b} # c"] }\n', 'backend/Dockerfile': 'FROM x\n' }, '--host', 'a');
  assert.equal(stderr, '');
  assert.deepEqual([config?.root, config?.framework, config?.processes.web?.port, config?.environments.production?.variables], ['backend', 'dockerfile', 8000, { GREETING: 'a: {b} # c' }]);
});

test('nothing there, a wrong name, or a broken file: told, and nothing is written', async () => {
  const nothing = await importFiles(express, '--host', 'a');
  assert.deepEqual([nothing.code, nothing.text], [3, undefined]);
  assert.match(nothing.stderr, /error NOT_FOUND: Expected one of config\/deploy\.yml.*\nhint: .*redcontrol init/);
  assert.match((await importFiles(express, 'Procfile')).stderr, /error NOT_FOUND: Expected a file Procfile, got none/);
  assert.match((await importFiles(express, 'package.json')).stderr, /error USAGE: Expected a Procfile, app\.json/);
  const broken = await importFiles({ ...express, 'compose.yml': 'services:\n\tweb: {}\n' }, '--host', 'a');
  assert.deepEqual([broken.code, broken.text], [2, undefined]);
  assert.match(broken.stderr, /error CONFIG_INVALID: [\s\S]*compose\.yml:2/);
});

test('a file that is there is not written over without --force', async () => {
  const { path } = await importFiles({ ...express, Procfile: 'web: node one.js' }, '--host', 'a');
  await writeFile(join(path, 'Procfile'), 'web: node two.js');
  const again = (...args: string[]) => runTestCli(['import', ...told, '--host', 'a', ...args], { folder: path });
  assert.deepEqual([(await again()).code, (await again('--force')).code], [3, 0]);
  assert.match(await readFile(join(path, 'redcontrol.yml'), 'utf8'), /run: node two\.js/);
});

test('completion knows the command and its options', async () => {
  const words = async (...typed: string[]) => (await runTestCli(['complete', '--', ...typed], { folder })).stdout.split('\n').map((line) => line.split('\t')[0]);
  assert.ok((await words('imp')).includes('import'));
  assert.ok((await words('import', '--fra')).includes('--framework'));
});

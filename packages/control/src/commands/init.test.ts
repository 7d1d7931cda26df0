import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { runOrThrow } from '@redcontrol/system';
import { runTestCli } from '../cli/test-cli.ts';
import { loadConfig } from '../config/load-config.ts';

const anna = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKHEeZZAnKLDSJ3w8GFFYzOqaSCTzpFLBYYo9zqpuJMc anna@laptop';
const express = { 'package.json': JSON.stringify({ scripts: { start: 'node .', test: 'node --test' }, dependencies: { express: '5', pg: '8', ioredis: '5' } }), 'package-lock.json': '{}', 'index.js': '' };
let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'redcontrol-init-'))));
after(() => rm(folder, { recursive: true }));

interface Working {
  files: Record<string, string>;
  remotes?: Record<string, string>;
  branches?: string[];
  tags?: string[];
}

/** A working copy with one commit on all of its branches. */
async function workingCopy({ files, remotes = { origin: 'git@git.example.com:acme/My_Shop.git' }, branches = ['main'], tags = [] }: Working): Promise<string> {
  const path = await mkdtemp(join(folder, 'copy-'));
  const git = (...args: string[]) => runOrThrow('git', ['-C', path, '-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args]);
  await git('init', '-q', '-b', branches[0] ?? 'main');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  await git('add', '.');
  await git('commit', '-q', '--allow-empty', '-m', 'one');
  for (const branch of branches.slice(1)) await git('branch', branch);
  for (const tag of tags) await git('tag', tag);
  for (const [name, url] of Object.entries(remotes)) await git('remote', 'add', name, url);
  return path;
}

async function init(path: string, ...args: string[]) {
  const result = await runTestCli(['init', '--host', '203.0.113.10', ...args], { folder: path });
  const text = await readFile(join(path, 'redcontrol.yml'), 'utf8').catch(() => undefined);
  return { ...result, text, config: text === undefined ? undefined : loadConfig(text, 'redcontrol.yml').config };
}

test('writes what it found, and says why', async () => {
  const path = await workingCopy({ files: { ...express, '.env.example': 'SECRET_KEY=x\nDATABASE_URL=y\nNAME=z\n' }, branches: ['main', 'develop'], tags: ['v1.0.0', 'v1.1.0'] });
  const { code, stdout, text, config } = await init(path);
  assert.equal(code, 0);
  assert.equal(config?.project, 'my-shop');
  assert.equal(config?.repository, 'git@git.example.com:acme/My_Shop.git');
  assert.equal(config?.framework, 'node');
  assert.deepEqual(config?.environments.production?.deploy, { branch: 'main', tag: 'v*' });
  assert.deepEqual(config?.environments.test?.deploy, { branch: 'develop' });
  assert.equal(config?.environments.production?.database?.engine, 'postgres');
  assert.deepEqual(config?.environments.test?.redis, {});
  assert.deepEqual(config?.pipeline, ['test']);
  assert.deepEqual(config?.servers.main, { host: '203.0.113.10', user: 'root', port: 22 });
  assert.match(text ?? '', /# secrets: \[SECRET_KEY\]/);
  assert.match(text ?? '', /# {3}test: npm test/);
  assert.match(stdout, /production {2}v\* on main \(it is the usual name, and no other of them exists; there are 2 such tags, e\.g\. v1\.[01]\.0\)/);
  assert.match(stdout, /database {4}postgres \(package\.json names pg\)/);
});

test('a file that is there is not written over without --force', async () => {
  const path = await workingCopy({ files: { ...express, 'redcontrol.yml': '# mine\n' } });
  const refused = await runTestCli(['init', '--host', 'a'], { folder: path });
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /error CONFLICT: Expected no redcontrol\.yml yet.*\nhint: .*--force/);
  assert.equal(await readFile(join(path, 'redcontrol.yml'), 'utf8'), '# mine\n');
  assert.equal((await init(path, '--force')).config?.project, 'my-shop');
});

test('below a working copy the file is written at its top', async () => {
  const path = await workingCopy({ files: { ...express, 'src/a.js': '' } });
  assert.equal((await runTestCli(['init', '--host', 'a'], { folder: join(path, 'src') })).code, 0);
  assert.match(await readFile(join(path, 'redcontrol.yml'), 'utf8'), /^project: my-shop$/m);
});

test('what is not clear names the option to give, and writes nothing', async () => {
  const cases: [Working, RegExp, string[]][] = [
    [{ files: express, remotes: {} }, /hint: Name it with --repository/, []],
    [{ files: express, remotes: { one: 'git@a.example.com:a/b.git', two: 'git@b.example.com:a/b.git' } }, /hint: Name it with --repository/, []],
    [{ files: express, branches: ['alpha', 'beta'] }, /hint: Name it with --branch/, []],
    [{ files: { 'notes.txt': '' } }, /error FRAMEWORK_UNKNOWN: .*no sign of any\nhint: Name it with --framework/, []],
  ];
  for (const [working, expected, args] of cases) {
    const { stderr, text, code } = await init(await workingCopy(working), ...args);
    assert.match(stderr, expected);
    assert.equal(text, undefined);
    assert.ok(code === 2 || code === 7, String(code));
  }
  const withoutHost = await runTestCli(['init'], { folder: await workingCopy({ files: express }) });
  assert.match(withoutHost.stderr, /hint: Name it with --host/);
});

test('options are taken as told', async () => {
  const path = await workingCopy({ files: { 'notes.txt': '' }, remotes: {} });
  await writeFile(join(path, 'key.pub'), `${anna}\n`);
  const { config, stderr } = await init(path, '--repository', 'https://git.example.com/acme/a.git', '--name', 'b', '--framework', 'go', '--branch', 'release/*', '--test-branch', 'next', '--tag', 'r*', '--key', 'key.pub', '--user', 'admin', '--port', '2222');
  assert.equal(stderr, '');
  assert.equal(config?.project, 'b');
  assert.deepEqual(config?.environments.production?.deploy, { branch: 'release/*', tag: 'r*' });
  assert.deepEqual(config?.environments.test?.deploy, { branch: 'next' });
  assert.deepEqual(config?.servers.main, { host: '203.0.113.10', user: 'admin', port: 2222 });
  assert.equal(config?.people[0]?.key, anna);
});

test('an app in the only folder that has one is found', async () => {
  const { config } = await init(await workingCopy({ files: { 'README.md': '', 'docs/a.md': '', 'server/package.json': express['package.json'] } }));
  assert.equal(config?.root, 'server');
  assert.equal(config?.framework, 'node');
});

test('several apps are proposed, each in its folder and at a path of its own', async () => {
  const files = {
    'api/manage.py': 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "x.settings")', 'api/requirements.txt': 'Django==5\npsycopg==3.2\n', 'Web site!/package.json': express['package.json'],
    'apps/db/package.json': express['package.json'], 'apps/front/package.json': '{"devDependencies":{"vite":"7"},"scripts":{"build":"vite build"}}', 'apps/front/index.html': '',
  };
  const { config, stderr, stdout } = await init(await workingCopy({ files }));
  assert.equal(stderr, '');
  assert.deepEqual(Object.entries(config!.apps!).map(([name, { root, framework, path }]) => [name, root, framework, path]), [
    ['web-site', 'Web site!', 'node', '/web-site'], ['api', 'api', 'django', '/api'], ['app', 'apps/db', 'node', '/app'], ['front', 'apps/front', 'vite', undefined],
  ]);
  assert.deepEqual([config!.framework, config!.environments.production!.database?.engine], [undefined, 'postgres']);
  assert.match(stdout, /app +api: django in api, at \/api/);
});

test('a password in the remote\'s address is not written down', async () => {
  const { text } = await init(await workingCopy({ files: express, remotes: { origin: 'https://anna:hunter2@git.example.com/acme/shop.git' } }));
  assert.match(text ?? '', /^repository: https:\/\/git\.example\.com\/acme\/shop\.git$/m);
  assert.doesNotMatch(text ?? '', /hunter2/);
});

test('a local remote becomes a file address, and strange names stay harmless', async () => {
  const files = { ...express, 'package.json': JSON.stringify({ scripts: { start: 'node .', test: 'echo "\n]: {evil: 1}\n" # x' }, dependencies: { express: '5' } }) };
  const { config, stderr } = await init(await workingCopy({ files, branches: ['main'], remotes: { origin: '/srv/git/a.git' } }), '--test-branch', 'a,b#{c}');
  assert.equal(stderr, '');
  assert.equal(config?.repository, 'file:///srv/git/a.git');
  assert.equal(config?.environments.test?.deploy.branch, 'a,b#{c}');
});

test('a folder that is no working copy needs to be told more', async () => {
  const path = await mkdtemp(join(folder, 'plain-'));
  await writeFile(join(path, 'package.json'), express['package.json']);
  assert.match((await init(path)).stderr, /--repository/);
  assert.equal((await init(path, '--repository', 'https://git.example.com/a/shop.git', '--branch', 'main')).config?.framework, 'node');
});

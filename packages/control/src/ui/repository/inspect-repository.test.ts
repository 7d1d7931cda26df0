import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runOrThrow } from '@redcontrol/system';
import { inspectRepository } from './inspect-repository.ts';

let folder = '';
let repository = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-inspect-'));
  const tree = join(folder, 'tree');
  await mkdir(tree);
  const git = (...args: string[]) => runOrThrow('git', ['-C', tree, '-c', 'user.name=Anna', '-c', 'user.email=anna@example.com', ...args]);
  await git('init', '-q', '-b', 'main');
  await writeFile(join(tree, 'manage.py'), '#!/usr/bin/env python\nimport os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n');
  await writeFile(join(tree, 'requirements.txt'), 'django==5.2\n');
  await mkdir(join(tree, 'shop'));
  await writeFile(join(tree, 'shop', 'settings.py'), 'SECRET_KEY = "x"\n');
  await symlink('/etc/passwd', join(tree, 'pyproject.toml'));
  await git('add', '.');
  await git('commit', '-qm', 'first');
  await git('tag', 'v1.4.0');
  await git('switch', '-qc', 'develop');
  await git('commit', '-q', '--allow-empty', '-m', 'second');
  await git('tag', '-am', 'annotated', 'v2.0.0-rc1');
  repository = `file://${tree}`;
});
after(() => rm(folder, { recursive: true }));

test('branches, tags with their branches, and the framework with its reason', { timeout: 60_000 }, async () => {
  const found = await inspectRepository(join(folder, 'cache'), { repository });
  assert.deepEqual(found.branches.map(({ name }) => name).sort(), ['develop', 'main']);
  assert.deepEqual(found.tags.find(({ name }) => name === 'v1.4.0')?.branches.sort(), ['develop', 'main']);
  assert.deepEqual(found.tags.find(({ name }) => name === 'v2.0.0-rc1')?.branches, ['develop']);
  assert.equal(found.chosen, 'django');
  assert.match(found.detections[0]?.reason ?? '', /manage\.py/);
  assert.match(found.recipe?.stages.migrate ?? '', /migrate/);
});

test('a second look sees what was pushed since', { timeout: 60_000 }, async () => {
  await runOrThrow('git', ['-C', join(folder, 'tree'), 'branch', 'later']);
  const found = await inspectRepository(join(folder, 'cache'), { repository });
  assert.ok(found.branches.some(({ name }) => name === 'later'));
});

test('what cannot be reached is said with a hint, and leaves nothing behind', { timeout: 60_000 }, async () => {
  const wrong = { repository: `file://${folder}/nothing` };
  await assert.rejects(inspectRepository(join(folder, 'cache'), wrong), { code: 'REPOSITORY_UNREACHABLE', hint: /deploy key/ });
  await assert.rejects(inspectRepository(join(folder, 'cache'), wrong), { code: 'REPOSITORY_UNREACHABLE' });
});

test('an address cannot run a program', { timeout: 60_000 }, async () => {
  const proof = join(folder, 'proof');
  await assert.rejects(inspectRepository(join(folder, 'cache'), { repository: `ext::sh -c touch% ${proof}` }), { code: 'REPOSITORY_UNREACHABLE' });
  await assert.rejects(runOrThrow('test', ['-e', proof]));
});

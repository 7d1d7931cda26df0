import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runOrThrow } from '@redcontrol/system';
import { localRepository } from './local-repository.ts';

let folder = '';
before(async () => {
  const above = await mkdtemp(join(tmpdir(), 'redcontrol-local-'));
  folder = join(above, 'repository');
  await mkdir(join(folder, 'app', '.git'), { recursive: true });
  await mkdir(join(folder, '.git'));
  await writeFile(join(above, 'outside.txt'), 'secret');
  await writeFile(join(folder, 'package.json'), '{}');
  await writeFile(join(folder, 'app', 'main.py'), 'print("ж")');
  await writeFile(join(folder, 'large.txt'), 'x'.repeat(1024 * 1024 + 1));
  await symlink('../outside.txt', join(folder, 'link.txt'));
  await symlink('..', join(folder, 'up'));
  await symlink('app/main.py', join(folder, 'inside.py'));
  await symlink('loop', join(folder, 'loop'));
  await runOrThrow('mkfifo', [join(folder, 'pipe')]);
});
after(() => rm(join(folder, '..'), { recursive: true }));

test('reads files and lists folders, without .git', async () => {
  const view = localRepository(folder);
  assert.equal(await view.readText('package.json'), '{}');
  assert.equal(await view.readText('app/main.py'), 'print("ж")');
  assert.equal(await view.exists('app'), true);
  assert.deepEqual(await view.list('app'), ['main.py']);
  assert.deepEqual(await view.list(''), ['app/', 'inside.py', 'large.txt', 'link.txt', 'loop', 'package.json', 'pipe', 'up']);
});

test('what is not there is nothing', async () => {
  const view = localRepository(folder);
  assert.equal(await view.readText('nothing'), undefined);
  assert.equal(await view.exists('nothing'), false);
  assert.deepEqual(await view.list('nothing'), []);
  assert.deepEqual(await view.list('package.json'), []);
  assert.equal(await view.readText('app'), undefined);
});

test('nothing outside is read, also not through symlinks', async () => {
  const view = localRepository(folder);
  assert.equal(await view.readText('inside.py'), 'print("ж")');
  for (const path of ['link.txt', '../outside.txt', 'up/outside.txt', '/etc/passwd', 'loop', 'app/../../outside.txt']) {
    assert.equal(await view.readText(path), undefined, path);
  }
  assert.equal(await view.exists('link.txt'), false);
  assert.deepEqual(await view.list('up'), []);
});

test('a pipe and a file of more than a megabyte are not read', async () => {
  const view = localRepository(folder);
  assert.equal(await view.readText('pipe'), undefined);
  assert.equal(await view.readText('large.txt'), undefined);
});

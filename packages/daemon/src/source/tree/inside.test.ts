import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from '@redcontrol/system';
import { temporaryFolder } from '../testing/upstream.ts';
import { assertInside, readInside } from '../index.ts';

test('reads inside a tree, and never what a path or a symlink leads out to', async (t) => {
  const folder = await temporaryFolder(t);
  const tree = join(folder, 'tree');
  await mkdir(join(tree, 'sub'), { recursive: true });
  await mkdir(join(folder, 'tree-beside'));
  await writeFile(join(folder, 'secret'), 's');
  await writeFile(join(folder, 'tree-beside/secret'), 's');
  await writeFile(join(tree, 'sub/report.xml'), 'report');
  await symlink('report.xml', join(tree, 'sub/link'));
  await symlink('../../secret', join(tree, 'sub/out'));
  await symlink('/etc', join(tree, 'etc'));
  await symlink('loop', join(tree, 'loop'));
  await runOrThrow('mkfifo', [join(tree, 'fifo')]);

  assert.equal(await assertInside(tree, 'sub/report.xml'), join(await realpath(tree), 'sub/report.xml'));
  assert.equal((await readInside(tree, 'sub/report.xml', { maxBytes: 3 }))?.toString(), 'rep');
  assert.equal((await readInside(tree, 'sub/link', { maxBytes: 100 }))?.toString(), 'report');
  for (const path of ['sub/out', 'etc/passwd', '../secret', '../tree-beside/secret', '/etc/passwd']) {
    await assert.rejects(assertInside(tree, path), { code: 'FORBIDDEN' }, path);
    await assert.rejects(readInside(tree, path, { maxBytes: 100 }), { code: 'FORBIDDEN' }, path);
  }
  await assert.rejects(assertInside(tree, '../nothing'), { code: 'FORBIDDEN' });
  await assert.rejects(assertInside(tree, 'nothing'), { code: 'NOT_FOUND' });
  for (const path of ['nothing', 'sub', 'fifo', 'loop', 'sub/report.xml/x']) assert.equal(await readInside(tree, path, { maxBytes: 100 }), undefined, path);
});

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runOrThrow } from '@redcontrol/system';
import { checkout, fetchMirror, recheckout } from '../index.ts';
import { createUpstream, temporaryFolder, testGit } from '../testing/upstream.ts';

const workUser = { uid: 10_001, gid: 10_001 };

test('a commit that the disk cannot hold is DISK_FULL, new and on top of another', { skip: process.getuid?.() === 0 ? false : 'mounting a disk needs root' }, async (t) => {
  const folder = await temporaryFolder(t);
  const disk = join(folder, 'disk');
  await mkdir(disk);
  await runOrThrow('mount', ['-t', 'tmpfs', '-o', 'size=20m,mode=711', 'tmpfs', disk]);
  try {
    const upstream = await createUpstream(folder);
    const small = await upstream.commit('main', { a: '1' });
    const large = await upstream.commit('main', { b: 'x'.repeat(15e6), c: 'x'.repeat(15e6) });
    const git = testGit(folder);
    await fetchMirror(git, { project: 'shop', url: upstream.url });
    for (const place of [checkout, recheckout]) {
      const target = { project: 'shop', directory: join(disk, place.name, 'tree'), ...workUser };
      await mkdir(join(disk, place.name));
      await checkout(git, { ...target, commit: small });
      await assert.rejects(place(git, { ...target, commit: large }), { code: 'DISK_FULL' });
      await runOrThrow('rm', ['-rf', '--', join(disk, place.name)]);
    }
  } finally {
    await runOrThrow('umount', [disk]);
  }
});

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runOrThrow, runToEnd } from '@redcontrol/system';
import { removeOldImages } from './remove-old-images.ts';

let directory: string;
const day = 24 * 3_600_000;
before(async () => void (directory = await mkdtemp(join(tmpdir(), 'redcontrol-test-'))));
after(() => rm(directory, { recursive: true, force: true }));

const hasQemu = await runToEnd('qemu-img', ['--version']).then(({ exitCode }) => exitCode === 0, () => false);

test('an image goes when a newer one is there and nothing stands on it', { skip: hasQemu ? false : 'qemu-img is not installed' }, async () => {
  const nowMs = Date.now();
  for (const [id, ageDays] of Object.entries({ old: 40, used: 40, young: 0.5, newest: 40 })) {
    const folder = join(directory, 'images', id);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'root.img'), '');
    await truncate(join(folder, 'root.img'), 1024 ** 2);
    await utimes(folder, new Date(), new Date(nowMs - ageDays * day));
  }
  await mkdir(join(directory, 'deployed', 'one'), { recursive: true });
  await mkdir(join(directory, 'deployed', 'without-disk'));
  await runOrThrow('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', join(directory, 'images/used/root.img'), join(directory, 'deployed/one/root.qcow2')]);
  await removeOldImages({ imagesDirectory: join(directory, 'images'), kept: ['newest'], diskDirectories: [join(directory, 'states'), join(directory, 'deployed')], nowMs });
  assert.deepEqual((await readdir(join(directory, 'images'))).toSorted(), ['newest', 'used', 'young']);
});

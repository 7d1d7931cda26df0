import assert from 'node:assert/strict';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readConfigFile, watchConfigFiles, writeConfigFile } from './config-files.ts';

let folder = '';
let path = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-config-'));
  path = join(folder, 'redcontrol.yml');
});
after(() => rm(folder, { recursive: true }));

test('a change by somebody else is never overwritten', async () => {
  await writeFile(path, 'project: shop\n');
  const { revision } = await readConfigFile(path);
  await writeFile(path, 'project: shop # mine\n');
  await assert.rejects(writeConfigFile(path, { revision, text: 'project: other\n' }), { code: 'CONFLICT' });
  assert.equal(await readFile(path, 'utf8'), 'project: shop # mine\n');
  const now = await readConfigFile(path);
  assert.equal((await writeConfigFile(path, { revision: now.revision, text: 'project: other\n' })).text, 'project: other\n');
});

test('a change is told whether it is written in place or put in the file\'s place', { timeout: 10_000 }, async () => {
  await writeFile(path, 'project: shop\n');
  let changes = 0;
  const watches = watchConfigFiles(() => (changes += 1));
  watches.watch([path]);
  await writeFile(path, 'project: one\n');
  while (changes < 1) await new Promise((resolve) => setTimeout(resolve, 10));
  await writeFile(`${path}.new`, 'project: two\n');
  await rename(`${path}.new`, path);
  while (changes < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  watches.close();
});

test('what is asked for after the end watches nothing, and keeps no process up', async () => {
  // A watch that was ended is counted until the loop has come round.
  const watched = async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;
  };
  const watches = watchConfigFiles(() => {});
  watches.watch([path]);
  assert.equal(await watched(), 1);
  watches.close();
  watches.watch([path]);
  assert.equal(await watched(), 0);
});

test('what is not there or no file is told', async () => {
  await assert.rejects(readConfigFile(join(folder, 'nothing.yml')), { code: 'CONFIG_NOT_FOUND' });
  await assert.rejects(readConfigFile(folder), { code: 'CONFIG_NOT_FOUND' });
});

import { test, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow, runToEnd } from '@redcontrol/system';
import { createUpstream, temporaryFolder, testGit } from '../testing/upstream.ts';
import { checkout, fetchMirror, recheckout } from '../index.ts';

const project = 'shop';
const user = process.getuid?.() === 0 ? { uid: 10_001, gid: 10_001 } : {};
const isInstalled = (await runToEnd('git', ['lfs', 'version'])).exitCode === 0;

async function start(t: TestContext, lfs: 'auto' | 'off') {
  const folder = await temporaryFolder(t);
  const upstream = await createUpstream(folder);
  const git = testGit(folder, { lfs });
  const work = join(folder, 'developer');
  const config = join(folder, 'developer.gitconfig');
  await writeFile(config, '[user]\n\tname = Anna\n\temail = anna@example.com\n[filter "lfs"]\n\tprocess = git-lfs filter-process\n\trequired = true\n\tclean = git-lfs clean -- %f\n\tsmudge = git-lfs smudge -- %f\n');
  const run = async (...args: string[]) => (await runOrThrow('git', ['-C', work, ...args], { variables: { GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' } })).stdout.trim();
  await mkdir(work);
  await run('init', '--quiet', '--initial-branch=main');
  await run('remote', 'add', 'origin', upstream.url);
  await writeFile(join(work, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n');
  /** Commits and pushes a file that git-lfs keeps, by git-lfs itself. */
  const push = async (content: string) => {
    await writeFile(join(work, 'model.bin'), content);
    await run('add', '.');
    await run('commit', '--quiet', '-m', 'model');
    await run('lfs', 'push', 'origin', 'main');
    await run('push', '--quiet', 'origin', 'main');
    return run('rev-parse', 'HEAD');
  };
  const directory = join(folder, 'data/work/1/tree');
  const place = async (commit: string, how: typeof checkout) => {
    await fetchMirror(git, { project, url: upstream.url });
    return how(git, { project, commit, directory, ...user });
  };
  return { push, place, model: () => readFile(join(directory, 'model.bin'), 'utf8') };
}

test('LFS files are fetched and written, also when a tree moves', { skip: !isInstalled && 'git-lfs is not installed' }, async (t) => {
  const { push, place, model } = await start(t, 'auto');
  const one = await push('first model');
  assert.equal((await place(one, checkout)).lfs, 'fetched');
  assert.equal(await model(), 'first model');
  const two = await push('second model');
  await place(two, recheckout);
  assert.equal(await model(), 'second model');
  await place(one, recheckout);
  assert.equal(await model(), 'first model');
});

test('where LFS is off, its files are pointers and the run is told so', { skip: !isInstalled && 'git-lfs is not installed' }, async (t) => {
  const { push, place, model } = await start(t, 'off');
  const placed = await place(await push('first model'), checkout);
  assert.equal(placed.lfs, 'pointers');
  assert.equal(placed.notes.length, 1);
  assert.match(await model(), /^version https:\/\/git-lfs/);
});

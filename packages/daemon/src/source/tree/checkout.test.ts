import { test, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { chown, lstat, mkdir, readFile, readdir, readlink, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfExists, runToEnd } from '@redcontrol/system';
import { createUpstream, temporaryFolder, testGit } from '../testing/upstream.ts';
import { checkout, fetchMirror, mirrorPath, recheckout, removeTree } from '../index.ts';

const project = 'shop';
const isRoot = process.getuid?.() === 0;
const user = isRoot ? { uid: 10_001, gid: 10_001 } : {};

async function start(t: TestContext, options: Parameters<typeof testGit>[1] = {}) {
  const folder = await temporaryFolder(t);
  const upstream = await createUpstream(folder);
  const git = testGit(folder, options);
  const directory = join(folder, 'data/work/1/tree');
  const fetch = () => fetchMirror(git, { project, url: upstream.url });
  /** git as a run sees it: its own user, no configuration of ours, and no mirror to lean on. */
  const inside = async (...args: string[]) => {
    const mirror = mirrorPath(git, project);
    await rename(mirror, `${mirror}.away`);
    try {
      const variables = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C.UTF-8' };
      const result = await runToEnd('git', ['-C', directory, ...args], { cleanEnvironment: true, variables, ...(isRoot ? { user: { uid: 10_001, gid: 10_001 } } : {}) });
      return result.exitCode === 0 ? result.stdout.trim() : `exit ${result.exitCode}: ${result.stderr}`;
    } finally {
      await rename(`${mirror}.away`, mirror);
    }
  };
  return { folder, upstream, git, directory, fetch, inside, at: (commit: string) => ({ project, commit, directory, ...user }) };
}

test('writes a clean tree that is whole in itself and belongs to the steps\' user', async (t) => {
  const { upstream, git, directory, fetch, inside, at } = await start(t);
  const one = await upstream.commit('main', { 'a.txt': '1', 'dir/b.txt': '2' }, { message: 'first' });
  await upstream.git('tag', '-a', '-m', 'release', 'v1.0.0', one);
  await upstream.commit('feature', { 'f.txt': 'f' }, { parent: one });
  const two = await upstream.commit('main', { 'a.txt': '3' }, { message: 'second' });
  await fetch();
  const placed = await checkout(git, at(two));
  assert.deepEqual(placed, { submodules: [], anew: true, lfs: 'none', history: 'full', notes: [] });
  assert.equal(await readFile(join(directory, 'a.txt'), 'utf8'), '3');
  assert.deepEqual((await readdir(directory)).sort(), ['.git', 'a.txt', 'dir']);
  for (const path of ['', 'a.txt', 'dir', '.git', '.git/HEAD', '.git/objects/pack']) {
    const { uid } = await stat(join(directory, path));
    assert.equal(uid, isRoot ? 10_001 : process.getuid?.(), path);
  }
  assert.match(await inside('describe'), /^v1\.0\.0-1-g/);
  assert.equal(await inside('status', '--porcelain'), '');
  assert.equal(await inside('log', '--format=%s'), 'second\nfirst');
  assert.equal(await inside('rev-parse', 'origin/feature', '--'), `${await upstream.git('rev-parse', 'feature')}\n--`);
  assert.equal(await inside('fsck', '--connectivity-only'), '');
  assert.equal(await inside('commit', '--allow-empty', '-m', 'x', '--author=a <a@example.com>').then((text) => /Please tell me who you are|ident/.test(text)), true, 'its configuration is its own');
  assert.equal(await readIfExists(join(directory, '.git/objects/info/alternates')), undefined);
});

test('no credentials and no way to the mirror are in the tree', async (t) => {
  const { upstream, git, directory, fetch, at } = await start(t);
  const commit = await upstream.commit('main', { 'a.txt': '1' });
  await fetch();
  await checkout(git, { ...at(commit), url: 'https://anna:secret@git.example.com/shop.git' });
  const config = await readFile(join(directory, '.git/config'), 'utf8');
  assert.match(config, /url = "https:\/\/git\.example\.com\/shop\.git"/);
  assert.doesNotMatch(config, /secret|anna/);
  const packs = await readdir(join(directory, '.git/objects/pack'));
  const mirrorPacks = join(mirrorPath(git, project), 'objects/pack');
  assert.ok(packs.length > 0);
  for (const pack of packs) {
    const [own, mirrors] = await Promise.all([stat(join(directory, '.git/objects/pack', pack)), stat(join(mirrorPacks, pack))]);
    assert.notEqual(own.ino, mirrors.ino, 'not the mirror\'s file');
    if (isRoot) assert.equal(own.uid, 0);
    assert.equal(own.mode & 0o222, 0);
  }
});

test('the mirror can be read by the steps\' group and by nobody else', { skip: !isRoot && 'needs root' }, async (t) => {
  const { upstream, git, fetch, at } = await start(t);
  const one = await upstream.commit('main', { 'a.txt': '1' });
  await fetch();
  await checkout(git, at(one));
  const two = await upstream.commit('main', { 'a.txt': '2' });
  await fetch();
  await recheckout(git, at(two));
  const readAs = async (uid: number, gid: number) => (await runToEnd('ls', [join(mirrorPath(git, project), 'objects')], { user: { uid, gid } })).exitCode;
  assert.equal(await readAs(10_001, 10_001), 0);
  assert.notEqual(await readAs(65_534, 65_534), 0);
  const write = await runToEnd('touch', [join(mirrorPath(git, project), 'objects/x')], { user: { uid: 10_001, gid: 10_001 } });
  assert.notEqual(write.exitCode, 0);
});

test('recheckout moves a tree, puts changed files back and keeps what git does not know', async (t) => {
  const { upstream, git, directory, fetch, inside, at } = await start(t);
  const one = await upstream.commit('main', { 'a.txt': '1', 'lock.json': 'l', gone: 'x', '.gitignore': 'node_modules\n' });
  const two = await upstream.commit('main', { 'a.txt': '2', gone: null, 'new/deep.txt': 'n' });
  await fetch();
  await checkout(git, at(one));
  await mkdir(join(directory, 'node_modules'));
  await writeFile(join(directory, 'node_modules/dependency.js'), 'd');
  await writeFile(join(directory, 'lock.json'), 'changed by an installation');
  if (isRoot) await chown(join(directory, 'lock.json'), 10_001, 10_001);
  assert.equal((await recheckout(git, at(two))).anew, false);
  assert.equal(await readFile(join(directory, 'a.txt'), 'utf8'), '2');
  assert.equal(await readFile(join(directory, 'lock.json'), 'utf8'), 'l');
  assert.equal(await readFile(join(directory, 'new/deep.txt'), 'utf8'), 'n');
  assert.equal(await readFile(join(directory, 'node_modules/dependency.js'), 'utf8'), 'd');
  assert.equal(await readIfExists(join(directory, 'gone')), undefined);
  assert.equal(await inside('rev-parse', 'HEAD'), two);
  assert.equal(await inside('status', '--porcelain'), '');
  assert.equal(await inside('fsck', '--connectivity-only'), '');

  const three = await upstream.commit('main', { 'a.txt': '3' });
  await fetch();
  await recheckout(git, { ...at(three), clean: 'all' });
  assert.deepEqual((await readdir(directory)).sort(), ['.git', '.gitignore', 'a.txt', 'lock.json', 'new']);
  assert.equal(await inside('log', '-1', '--format=%H'), three);
  await recheckout(git, at(one));
  assert.equal(await readFile(join(directory, 'gone'), 'utf8'), 'x');
});

test('a tree that a run has poisoned runs nothing on the host', async (t) => {
  const { folder, upstream, git, directory, fetch, inside, at } = await start(t);
  const one = await upstream.commit('main', { 'a.txt': '1', '.gitattributes': '*.txt filter=evil\n' });
  const two = await upstream.commit('main', { 'a.txt': '2' });
  await fetch();
  await checkout(git, at(one));
  const proof = join(folder, 'proof');
  const touch = `touch ${proof}`;
  await writeFile(join(directory, '.git/config'), `[core]\n\tfsmonitor = ${touch}\n\thooksPath = ${directory}/hooks\n\tsshCommand = ${touch}\n[filter "evil"]\n\tsmudge = ${touch}\n\tclean = ${touch}\n\tprocess = ${touch}\n[alias]\n\tcheckout = !${touch}\n`);
  await mkdir(join(directory, 'hooks'));
  await writeFile(join(directory, 'hooks/post-checkout'), `#!/bin/sh\n${touch}\n`, { mode: 0o755 });
  await recheckout(git, { ...at(two), clean: 'all' });
  assert.equal(await readFile(join(directory, 'a.txt'), 'utf8'), '2');
  assert.equal(await readIfExists(proof), undefined);
  assert.doesNotMatch(await readFile(join(directory, '.git/config'), 'utf8'), /evil/);
  assert.equal(await inside('status', '--porcelain'), '');

  // Folders of the repository swapped for symlinks, and `.git` for one that leads elsewhere.
  const elsewhere = join(folder, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, 'keep'), 'k');
  await runToEnd('rm', ['-rf', join(directory, '.git')]);
  await symlink(elsewhere, join(directory, '.git'));
  await recheckout(git, at(one));
  assert.deepEqual(await readdir(elsewhere), ['keep']);
  assert.equal((await lstat(join(directory, '.git'))).isDirectory(), true);
});

test('folders swapped for symlinks do not lead a checkout out of the tree', { skip: !isRoot && 'needs root' }, async (t) => {
  const { folder, upstream, git, directory, fetch, at } = await start(t);
  const one = await upstream.commit('main', { 'dir/a.txt': '1', 'b.txt': 'b' });
  const two = await upstream.commit('main', { 'dir/a.txt': '2', 'dir/c.txt': '2' });
  await fetch();
  await checkout(git, at(one));
  const elsewhere = join(folder, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, 'a.txt'), 'outside');
  await runToEnd('rm', ['-rf', join(directory, 'dir')]);
  await symlink(elsewhere, join(directory, 'dir'));
  await recheckout(git, at(two));
  assert.equal(await readFile(join(elsewhere, 'a.txt'), 'utf8'), 'outside');
  assert.deepEqual(await readdir(elsewhere), ['a.txt']);
  assert.equal(await readFile(join(directory, 'dir/a.txt'), 'utf8'), '2');
});

test('hostile file names and symlinks are written as they are and lead nowhere', async (t) => {
  const { upstream, git, directory, fetch, inside, at } = await start(t);
  const names = ['-rf', '--help', '$(touch x)', 'a;b', 'new\nline', 'tab\there', "quote'\"", 'ünï/ćø', ' space ', 'back\\slash', 'esc\u001b[31m', 'x'.repeat(255)];
  const commit = await upstream.commit('main', Object.fromEntries(names.map((name) => [name, name])), { symlinks: { out: '/etc/passwd', up: '../../..' } });
  await fetch();
  await checkout(git, at(commit));
  for (const name of names) assert.equal(await readFile(join(directory, name), 'utf8'), name);
  assert.equal(await readlink(join(directory, 'out')), '/etc/passwd');
  assert.equal(await inside('status', '--porcelain'), '');
});

test('a tree with a file in .git is refused, not written', async (t) => {
  const { upstream, git, directory, fetch, at } = await start(t);
  const blob = await upstream.git('rev-parse', `${await upstream.commit('main', { config: '[core]\n\tfsmonitor = touch /tmp/x\n' })}:config`);
  const inner = await runToEnd('git', [`--git-dir=${upstream.directory}`, 'mktree'], { input: `100644 blob ${blob}\tconfig\n` });
  for (const name of ['.git', '.GIT', 'git~1', '.g\u200cit']) {
    const tree = await runToEnd('git', [`--git-dir=${upstream.directory}`, 'mktree'], { input: `040000 tree ${inner.stdout.trim()}\t${name}\n` });
    const variables = { GIT_AUTHOR_NAME: 'E', GIT_AUTHOR_EMAIL: 'e@example.com', GIT_COMMITTER_NAME: 'E', GIT_COMMITTER_EMAIL: 'e@example.com' };
    const commit = await runToEnd('git', [`--git-dir=${upstream.directory}`, 'commit-tree', tree.stdout.trim(), '-m', 'evil'], { variables });
    await upstream.git('update-ref', 'refs/heads/evil', commit.stdout.trim());
    await fetch();
    await assert.rejects(checkout(git, at(commit.stdout.trim())), { code: 'COMMAND_FAILED' }, name);
    assert.equal(await readIfExists(join(directory, name, 'config')), undefined, name);
  }
});

test('a commit that is not there is said, and nothing is left behind', async (t) => {
  const { upstream, git, fetch, at, directory } = await start(t);
  const commit = await upstream.commit('main', { 'a.txt': '1' });
  await fetch();
  await assert.rejects(checkout(git, at('d'.repeat(40))), { code: 'COMMIT_VANISHED' });
  await assert.rejects(checkout(git, at('--force')), { code: 'COMMIT_VANISHED' });
  await checkout(git, at(commit));
  await assert.rejects(recheckout(git, at('d'.repeat(40))), { code: 'COMMIT_VANISHED' });
  assert.equal(await readFile(join(directory, 'a.txt'), 'utf8'), '1');
  await removeTree({ directory });
  await assert.rejects(stat(directory), { code: 'ENOENT' });
  await assert.rejects(stat(`${directory}.git`), { code: 'ENOENT' });
});

test('a tree that cannot be moved is made anew, in the same folder', async (t) => {
  const { upstream, git, directory, fetch, at, inside } = await start(t);
  const one = await upstream.commit('main', { 'a.txt': '1' });
  const two = await upstream.commit('main', { 'a.txt': '2' });
  await fetch();
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'left-over'), 'of something else');
  const { ino } = await stat(directory);
  await recheckout(git, at(one));
  assert.deepEqual((await readdir(directory)).sort(), ['.git', 'a.txt']);
  await writeFile(join(`${directory}.git`, 'index'), 'broken');
  assert.equal((await recheckout(git, at(two))).anew, true);
  assert.equal(await readFile(join(directory, 'a.txt'), 'utf8'), '2');
  assert.equal((await stat(directory)).ino, ino, 'a mounted folder stays the same folder');
  assert.equal(await inside('status', '--porcelain'), '');
});

test('a tree moves many times without keeping what it has been', async (t) => {
  const { upstream, git, directory, fetch, at, inside } = await start(t);
  const ids = [await upstream.commit('main', { 'a.txt': '1' }), await upstream.commit('main', { 'a.txt': 'one\ntwo\n', '.gitattributes': 'a.txt eol=crlf\n' })];
  await fetch();
  await checkout(git, at(ids[0]!));
  for (let round = 1; round <= 20; round += 1) await recheckout(git, at(ids[round % 2]!));
  assert.equal(await readFile(join(directory, 'a.txt'), 'utf8'), '1');
  assert.equal(await inside('status', '--porcelain'), '');
  await recheckout(git, at(ids[1]!));
  assert.equal(await readFile(join(directory, 'a.txt'), 'utf8'), 'one\r\ntwo\r\n');
  assert.ok((await readdir(`${directory}.git/old`)).length <= 8);
});

test('a large history is given only with its latest commits', async (t) => {
  const { upstream, git, fetch, inside, at } = await start(t, { historyLimitBytes: 100 });
  const ids: string[] = [];
  for (let round = 0; round < 60; round += 1) ids.push(await upstream.commit('main', { 'a.txt': String(round) }));
  await upstream.git('tag', 'old', ids[2]!);
  await upstream.git('tag', '-a', '-m', 'release', 'v2', ids[55]!);
  await fetch();
  const placed = await checkout(git, at(ids[58]!));
  assert.equal(placed.history, 'recent');
  assert.equal(placed.notes.length, 1);
  assert.match(await inside('describe'), /^v2-3-g/);
  assert.equal(await inside('status', '--porcelain'), '');
  assert.equal(await inside('rev-list', '--count', 'HEAD'), '50');
  await recheckout(git, at(ids[59]!));
  assert.match(await inside('describe'), /^v2-4-g/);
  assert.equal(await inside('fsck', '--connectivity-only', '--no-dangling'), '');
  const none = await recheckout(git, { ...at(ids[59]!), history: 'none' });
  assert.equal(none.history, 'none');
  assert.match(await inside('status'), /not a git repository/);
});

test('a checkout is cancelled by its signal', async (t) => {
  const { upstream, git, fetch, at } = await start(t);
  const commit = await upstream.commit('main', { 'a.txt': '1' });
  await fetch();
  await assert.rejects(checkout(git, { ...at(commit), signal: AbortSignal.abort(new Error('stop')) }), /stop/);
});

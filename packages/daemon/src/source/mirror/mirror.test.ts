import { test } from 'node:test';
import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedControlError } from '@redcontrol/contract';
import { createUpstream, temporaryFolder, testGit, writeRawRef } from '../testing/upstream.ts';
import {
  changedFiles, commitsBetween, fetchMirror, hasCommit, isAncestor, listRemote, maintainMirror, mirrorPath, reachableTags, readCommit, repositoryAt,
} from '../index.ts';
import { gitResult } from '../git/run-git.ts';
import { mirrorRefs } from './mirror-refs.ts';

const project = 'shop';

async function start(t: import('node:test').TestContext) {
  const folder = await temporaryFolder(t);
  const upstream = await createUpstream(folder);
  const git = testGit(folder);
  const target = { project, url: upstream.url };
  return { folder, upstream, git, target };
}

test('lists branches, peeled tags and the default branch', async (t) => {
  const { upstream, git, target } = await start(t);
  assert.deepEqual(await listRemote(git, { ...target, head: true }), { branches: {}, tags: {}, refused: [] });
  const one = await upstream.commit('main', { 'a.txt': '1' });
  const two = await upstream.commit('feature/x', { 'b.txt': '2' }, { parent: one });
  await upstream.git('tag', 'v1', one);
  await upstream.git('tag', '-a', '-m', 'annotated', 'v2', two);
  await upstream.git('tag', '-a', '-m', 'a tag of a tag', 'v2-again', 'v2');
  const refs = await listRemote(git, { ...target, head: true });
  assert.deepEqual(refs, { branches: { main: one, 'feature/x': two }, tags: { v1: one, v2: two, 'v2-again': two }, refused: [], head: 'main' });

  await fetchMirror(git, target);
  const { head: _, ...listed } = refs;
  assert.deepEqual(await mirrorRefs(git, project), listed, 'the mirror tells the same, also of a tag of a tag');
  const reachable = await reachableTags(git, project, [one, two]);
  assert.equal(reachable(two, two), true);
  assert.equal(reachable(one, two), true);
  assert.equal(reachable(two, one), false);
  assert.equal(reachable(one, '0'.repeat(40)), false);
});

test('says what is wrong with an address and what to do', async (t) => {
  const { git, folder } = await start(t);
  const failure = async (url: string) => {
    const error = await listRemote(git, { project, url, timeoutMs: 20_000 }).then(() => assert.fail('reached'), (thrown: RedControlError) => thrown);
    return { code: error.code, text: `${error.message} / ${error.hint}` };
  };
  const missing = await failure(`file://${folder}/nothing.git`);
  assert.equal(missing.code, 'REPOSITORY_UNREACHABLE');
  assert.match(missing.text, /no git repository/);
  const refused = await failure('ssh://git@127.0.0.1:1/shop.git');
  assert.match(refused.text, /cannot connect to 127\.0\.0\.1/);
  const unknown = await failure('https://no-such-host.invalid/shop.git');
  assert.equal(unknown.code, 'REPOSITORY_UNREACHABLE');
  assert.equal((await failure('ext::sh -c touch% /tmp/x')).code, 'USAGE');
  assert.equal((await failure('--upload-pack=touch /tmp/x')).code, 'USAGE');
  const hidden = await failure('https://anna:secret@127.0.0.1:1/shop.git');
  assert.doesNotMatch(hidden.text, /secret|anna/);
});

test('fetches what is new, follows forced pushes and prunes what is gone', async (t) => {
  const { upstream, git, target } = await start(t);
  const one = await upstream.commit('main', { 'a.txt': '1' });
  await upstream.commit('old', { 'a.txt': 'old' });
  await upstream.git('tag', 'v1', one);
  await fetchMirror(git, target);
  assert.equal(await hasCommit(git, project, one), true);

  const forced = await upstream.commit('main', { 'a.txt': 'other' }, { parent: await upstream.commit('scratch', { z: 'z' }) });
  await upstream.git('update-ref', '-d', 'refs/heads/old');
  await upstream.git('update-ref', '-d', 'refs/heads/scratch');
  await upstream.commit('old/deeper', { 'a.txt': 'a folder where a branch was' });
  await upstream.git('tag', '-f', 'v1', forced);
  await fetchMirror(git, target);
  assert.deepEqual(await mirrorRefs(git, project), await listRemote(git, target));
  assert.equal(await isAncestor(git, project, one, forced), false);
  await assert.rejects(isAncestor(git, project, one, '1'.repeat(40)), { code: 'COMMIT_VANISHED' });
});

test('fetches only the named refs, and all of them when a named one is gone', async (t) => {
  const { upstream, git, target } = await start(t);
  await upstream.commit('main', { 'a.txt': '1' });
  await fetchMirror(git, target);
  const main = await upstream.commit('main', { 'a.txt': '2' });
  const other = await upstream.commit('other', { 'a.txt': '3' });
  await fetchMirror(git, { ...target, refs: ['refs/heads/main'] });
  assert.equal(await hasCommit(git, project, main), true);
  assert.equal(await hasCommit(git, project, other), false);
  await fetchMirror(git, { ...target, refs: ['refs/heads/main', 'refs/heads/gone'] });
  assert.equal(await hasCommit(git, project, other), true);
});

test('brings a wanted commit that no branch has any more, and says when nobody has it', async (t) => {
  const { upstream, git, target } = await start(t);
  await upstream.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const lost = await upstream.commit('main', { 'a.txt': '1' });
  await upstream.commit('main', { 'a.txt': '2' }, { parent: await upstream.commit('base', {}) });
  await fetchMirror(git, { ...target, wanted: lost });
  assert.equal(await hasCommit(git, project, lost), true);
  await assert.rejects(fetchMirror(git, { ...target, wanted: 'a'.repeat(40) }), { code: 'COMMIT_VANISHED' });
  await assert.rejects(fetchMirror(git, { ...target, wanted: '--upload-pack=x' }), { code: 'COMMIT_VANISHED' });
});

test('a commit is found by the beginning of its id, also beside a branch called like it', async (t) => {
  const { upstream, git, target } = await start(t);
  const one = await upstream.commit('main', { 'a.txt': '1' });
  const two = await upstream.commit('main', { 'a.txt': '2' });
  await upstream.git('update-ref', `refs/heads/${one.slice(0, 8)}`, two);
  await fetchMirror(git, { ...target, wanted: one.slice(0, 8) });
  assert.equal((await readCommit(git, project, one.slice(0, 8))).commit, one);
  assert.equal(await hasCommit(git, project, one.slice(0, 6)), false);
  assert.equal(await hasCommit(git, project, (await upstream.git('rev-parse', 'main^{tree}')).slice(0, 10)), false, 'a tree is no commit');
});

test('hostile names of branches and tags are reported, not used, and run nothing', async (t) => {
  const { folder, upstream, git, target } = await start(t);
  const commit = await upstream.commit('main', { 'a.txt': '1' });
  const proof = join(folder, 'touched');
  const used = ['$(touch${IFS}' + proof + ')', 'a;b', 'a|b', '`id`', "it's", '"quoted"', 'ветка/тест', '分支', '__proto__', 'constructor', '%2e%2e', '&&x', 'HEAD', 'x'.repeat(200)];
  const unused = ['--upload-pack=x', '-', '-c', 'x'.repeat(201), `deep/${'y'.repeat(240)}`, 'bidi\u202etxt', 'zero\u200bwidth', 'nobreak\u00a0space'];
  for (const name of [...used, ...unused]) {
    const ref = `refs/heads/${name}`;
    await writeRawRef(upstream, ref, commit);
  }
  // A host may announce names that no file system could hold.
  await appendFile(join(upstream.directory, 'packed-refs'), `# pack-refs with: peeled fully-peeled sorted \n${commit} refs/heads/${'z'.repeat(300)}\n`);
  const listed = await listRemote(git, target);
  assert.deepEqual(Object.keys(listed.branches).sort(), [...used, 'main'].sort());
  assert.equal(listed.refused.length, unused.length + 1);
  assert.ok(listed.refused.every(({ name, reason }) => name.length <= 200 && reason !== ''));
  await fetchMirror(git, target);
  await fetchMirror(git, { ...target, refs: used.map((name) => `refs/heads/${name}`) });
  assert.deepEqual((await mirrorRefs(git, project)).branches, listed.branches);
  assert.equal(JSON.parse(JSON.stringify(listed)).branches['constructor'], commit);
  await assert.rejects(appendFile(proof, '', { flag: 'r+' }), { code: 'ENOENT' }, 'nothing was run');
});

test('names that git itself forbids never come as far as a command', async (t) => {
  const { upstream, git, target } = await start(t);
  const commit = await upstream.commit('main', { 'a.txt': '1' });
  for (const name of ['has space', 'new\nline', 'tab\there', 'star*', 'a..b', 'x.lock', 'caret^', 'co:lon', 'esc\u001b[31m', 'del\u007f']) {
    await writeRawRef(upstream, `refs/heads/${name}`, commit);
  }
  const listed = await listRemote(git, target);
  // A space or line break ends the name on the wire: what is left is a name like any other.
  assert.deepEqual(Object.keys(listed.branches).sort(), ['has', 'main', 'new']);
});

test('reads a commit whose text tries to steer the terminal', async (t) => {
  const { upstream, git, target } = await start(t);
  const commit = await upstream.commit('main', { 'a.txt': '1' }, { message: `fix \u001b[31mred\u001b[0m \u202eesrever ${'long '.repeat(100)}\n\nbody` });
  await fetchMirror(git, target);
  const info = await readCommit(git, project, commit);
  assert.equal(info.author, 'Anna');
  assert.equal(info.authorEmail, 'anna@example.com');
  assert.ok(info.message.startsWith('fix') && info.message.length <= 200);
  assert.doesNotMatch(info.message, /[\p{Cc}\u202e]/u);
  assert.ok(Math.abs(info.time - Date.now()) < 3_600_000);
  await assert.rejects(readCommit(git, project, 'b'.repeat(40)), { code: 'COMMIT_VANISHED' });
  await assert.rejects(readCommit(git, project, '--output=/tmp/x'), { code: 'COMMIT_VANISHED' });
});

test('looks at files of a commit without a checkout, never out of the tree', async (t) => {
  const { upstream, git, target } = await start(t);
  const files = { 'package.json': '{}', 'web/app.js': 'x', 'web/sub/deep.txt': 'deep', 'big.txt': 'x'.repeat(1024 * 1024 + 1), 'name with space': 's', '-dash': 'd', 'кириллица.txt': 'ы' };
  const symlinks = { 'link-in': 'web/app.js', 'link-out': '../../../../etc/passwd', 'link-abs': '/etc/passwd', 'link-dir': '..', loop: 'loop' };
  const commit = await upstream.commit('main', files, { symlinks });
  await fetchMirror(git, target);
  const view = repositoryAt(git, project, commit);
  assert.equal(await view.readText('package.json'), '{}');
  assert.equal(await view.readText('web/sub/deep.txt'), 'deep');
  assert.equal(await view.readText('-dash'), 'd');
  assert.equal(await view.readText('name with space'), 's');
  assert.equal(await view.readText('кириллица.txt'), 'ы');
  assert.equal(await view.readText('link-in'), 'x');
  for (const path of ['link-out', 'link-abs', 'link-dir/data', 'loop', 'big.txt', 'web', 'missing', '../data/ssh', '/etc/passwd', 'a\nb', '']) {
    assert.equal(await view.readText(path), undefined, path);
  }
  assert.deepEqual((await view.list('web')).sort(), ['app.js', 'sub/']);
  assert.deepEqual(await view.list('nowhere'), []);
  assert.deepEqual(await view.list('..'), []);
  assert.equal(await view.exists('web/sub'), true);
  assert.equal(await view.exists('web/none'), false);
  const below = repositoryAt(git, project, commit, 'web');
  assert.equal(await below.readText('app.js'), 'x');
  assert.equal(await below.readText('../package.json'), undefined);
  assert.equal(await below.exists('app.js'), true);
});

test('names the files that differ between two commits', async (t) => {
  const { upstream, git, target } = await start(t);
  const one = await upstream.commit('main', { 'a.txt': '1', 'dir/b\tc.txt': '1', gone: '1' });
  const two = await upstream.commit('main', { 'a.txt': '2', 'dir/b\tc.txt': '2', gone: null, 'new.txt': '1' });
  await fetchMirror(git, target);
  assert.deepEqual(await changedFiles(git, project, one, two), { paths: ['a.txt', 'dir/b\tc.txt', 'gone', 'new.txt'], complete: true });
  assert.deepEqual(await changedFiles(git, project, two, two), { paths: [], complete: true });
  await assert.rejects(changedFiles(git, project, one, 'c'.repeat(40)), { code: 'COMMIT_VANISHED' });
});

test('the environment of git is ours alone', async (t) => {
  const { folder, git } = await start(t);
  process.env['GIT_DIR'] = join(folder, 'elsewhere');
  process.env['GIT_SSH_COMMAND'] = 'touch /tmp/never';
  t.after(() => {
    delete process.env['GIT_DIR'];
    delete process.env['GIT_SSH_COMMAND'];
  });
  const { stdout } = await gitResult(git, ['config', '--list', '--show-origin']);
  assert.ok(stdout.split('\n').filter(Boolean).every((line) => line.startsWith(`file:${git.configFile}`)), stdout);
  assert.match(stdout, /core\.hookspath=\/dev\/null/);
});

test('maintenance packs the mirror and keeps what is wanted', async (t) => {
  const { upstream, git, target } = await start(t);
  let last = '';
  for (let round = 0; round < 35; round += 1) {
    last = await upstream.commit('main', { 'a.txt': String(round) });
    await fetchMirror(git, target);
  }
  const packs = async () => (await gitResult(git, ['count-objects', '-v'], { repository: mirrorPath(git, project) })).stdout;
  assert.match(await packs(), /packs: 35/);
  await maintainMirror(git, project);
  assert.match(await packs(), /packs: 1\b/);
  assert.equal(await hasCommit(git, project, last), true);
});

test('commits between two, in both directions, and what is not there', async (t) => {
  const { upstream, git, target } = await start(t);
  const one = await upstream.commit('main', { 'a.txt': '1' });
  const two = await upstream.commit('main', { 'a.txt': '2' }, { parent: one });
  const side = await upstream.commit('side', { 'b.txt': '3' }, { parent: one });
  await fetchMirror(git, target);
  const between = async (from: string, to: string, limit = 10) => (await commitsBetween(git, project, { from, to, limit })).map(({ commit }) => commit);
  assert.deepEqual(await between(one, two), [two]);
  assert.deepEqual(await between(two, one), []);
  assert.deepEqual(await between(two, side), [side]);
  assert.deepEqual(await between(one, two, 1), [two]);
  await assert.rejects(between(one, '0'.repeat(40)), { code: 'COMMIT_VANISHED' });
  await assert.rejects(between('--all', two), { code: 'COMMIT_VANISHED' });
});

import { test, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfExists, runToEnd } from '@redcontrol/system';
import { createUpstream, temporaryFolder, testGit } from '../testing/upstream.ts';
import { checkout, fetchMirror, parseRemote, recheckout, type Git } from '../index.ts';
import { isOwnHost, requireFollowable } from './followable.ts';
import { resolveSubmoduleUrl } from './submodule-url.ts';

const project = 'shop';
const user = process.getuid?.() === 0 ? { uid: 10_001, gid: 10_001 } : {};
const modulesFile = (modules: Record<string, string>) =>
  Object.entries(modules).map(([path, url]) => `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${url}\n`).join('');

async function start(t: TestContext) {
  const folder = await temporaryFolder(t);
  const [shop, lib, deep] = [await createUpstream(folder, 'shop'), await createUpstream(folder, 'lib'), await createUpstream(folder, 'deep')];
  const git = testGit(folder);
  const directory = join(folder, 'data/work/1/tree');
  const place = async (commit: string, how: typeof checkout = checkout) => {
    await fetchMirror(git, { project, url: shop.url });
    return how(git, { project, commit, directory, ...user });
  };
  const text = (path: string) => readIfExists(join(directory, path));
  return { folder, shop, lib, deep, git, directory, place, text };
}

test('submodules are checked out, also nested ones and by relative addresses, and follow a recheckout', async (t) => {
  const { shop, lib, deep, directory, place, text } = await start(t);
  const deepOne = await deep.commit('main', { 'deep.txt': 'd1' });
  const libOne = await lib.commit('main', { 'lib.txt': 'l1', '.gitmodules': modulesFile({ 'inner/deep': deep.url }) }, { links: { 'inner/deep': deepOne } });
  const one = await shop.commit('main', { 'a.txt': '1', '.gitmodules': modulesFile({ 'vendor/lib': '../lib.git' }) }, { links: { 'vendor/lib': libOne } });
  const placed = await place(one);
  assert.deepEqual(placed.submodules.map(({ path, commit }) => ({ path, commit })), [{ path: 'vendor/lib', commit: libOne }, { path: 'vendor/lib/inner/deep', commit: deepOne }]);
  assert.equal(await text('vendor/lib/lib.txt'), 'l1');
  assert.equal(await text('vendor/lib/inner/deep/deep.txt'), 'd1');
  const status = await runToEnd('git', ['-C', directory, '-c', 'safe.directory=*', 'status', '--porcelain'], { ...('uid' in user ? { user: user as { uid: number; gid: number } } : {}), variables: { HOME: '/nonexistent' } });
  assert.deepEqual([status.exitCode, status.stdout], [0, '']);

  const libTwo = await lib.commit('main', { 'lib.txt': 'l2' });
  const two = await shop.commit('main', {}, { links: { 'vendor/lib': libTwo } });
  await place(two, recheckout);
  assert.equal(await text('vendor/lib/lib.txt'), 'l2');
  assert.equal(await text('vendor/lib/inner/deep/deep.txt'), 'd1');

  // A commit that leaves the submodules alone, then one that puts a file in a submodule's place.
  await place(await shop.commit('main', { 'a.txt': '2' }), recheckout);
  assert.equal(await text('vendor/lib/lib.txt'), 'l2');
  assert.equal(await text('a.txt'), '2');
  await place(await shop.commit('main', { '.gitmodules': null, 'vendor/lib': 'a file now' }), recheckout);
  assert.equal(await text('vendor/lib'), 'a file now');
  await place(one, recheckout);
  assert.equal(await text('vendor/lib/lib.txt'), 'l1');
  assert.deepEqual((await readdir(join(directory, 'vendor/lib'))).sort(), ['.git', '.gitmodules', 'inner', 'lib.txt']);
});

test('a submodule that runs a command, reads the server or leads into our data is refused', async (t) => {
  const { folder, shop, lib, git, place } = await start(t);
  const libOne = await lib.commit('main', { 'lib.txt': 'l1' });
  const proof = join(folder, 'proof');
  await fetchMirror(git, { project: 'other', url: lib.url });
  const refused: [string, string][] = [
    [`ext::sh -c touch% ${proof}`, 'USAGE'], [`--upload-pack=touch ${proof}`, 'USAGE'], ['fd::7', 'USAGE'], [`-u touch ${proof}`, 'USAGE'],
    [`ssh://-oProxyCommand=touch%20${proof}/x`, 'USAGE'], ['../../../../../../../etc', 'FORBIDDEN'],
    [`file://${folder}/data/repositories/other.git`, 'FORBIDDEN'], [`file://${folder}/data/ssh/../repositories/other.git`, 'FORBIDDEN'],
    ['http://127.0.0.1:9/x.git', 'FORBIDDEN'], ['http://169.254.169.254/latest', 'FORBIDDEN'], ['http://localhost/x', 'FORBIDDEN'],
  ];
  for (const [url, code] of refused) {
    const commit = await shop.commit('main', { '.gitmodules': modulesFile({ lib: url }) }, { links: { lib: libOne } });
    await assert.rejects(place(commit), { code }, url);
  }
  assert.equal(await readIfExists(proof), undefined);
});

test('a submodule that comes later is placed, and what git does not know stays', async (t) => {
  const { shop, lib, directory, place, text } = await start(t);
  await place(await shop.commit('main', { 'a.txt': '1' }));
  await writeFile(join(directory, 'installed'), 'i');
  const libOne = await lib.commit('main', { 'lib.txt': 'l1' });
  const placed = await place(await shop.commit('main', { '.gitmodules': modulesFile({ lib: '../lib.git' }), '.gitattributes': '*.txt eol=crlf\n' }, { links: { lib: libOne } }), recheckout);
  assert.deepEqual([placed.anew, placed.submodules.length], [false, 1]);
  assert.equal(await text('lib/lib.txt'), 'l1');
  assert.equal(await text('installed'), 'i');
});

test('a submodule whose commit is gone says so', async (t) => {
  const { shop, lib, place } = await start(t);
  await lib.commit('main', { 'lib.txt': 'l1' });
  const commit = await shop.commit('main', { '.gitmodules': modulesFile({ lib: '../lib.git' }) }, { links: { lib: 'e'.repeat(40) } });
  await assert.rejects(place(commit), { code: 'COMMIT_VANISHED' });
});

test('a submodule without an address stays an empty folder', async (t) => {
  const { shop, lib, place, directory } = await start(t);
  const commit = await shop.commit('main', { 'a.txt': '1' }, { links: { lib: await lib.commit('main', { x: 'x' }) } });
  assert.deepEqual((await place(commit)).submodules, []);
  assert.deepEqual(await readdir(join(directory, 'lib')), []);
});

test('relative addresses of submodules', () => {
  const cases: [string, string, string][] = [
    ['https://git.example.com/acme/shop.git', '../lib.git', 'https://git.example.com/acme/lib.git'],
    ['https://git.example.com/acme/shop.git/', './lib', 'https://git.example.com/acme/shop.git/lib'],
    ['git@git.example.com:acme/shop.git', '../lib.git', 'git@git.example.com:acme/lib.git'],
    ['git@git.example.com:/srv/shop.git', '../lib.git', 'git@git.example.com:/srv/lib.git'],
    ['git@git.example.com:shop.git', '../lib.git', 'git@git.example.com:lib.git'],
    ['ssh://git@git.example.com:2222/acme/shop.git', '../../other/lib', 'ssh://git@git.example.com:2222/other/lib'],
    ['file:///srv/git/shop.git', '../lib.git', 'file:///srv/git/lib.git'],
    ['https://git.example.com/a/b', 'https://other.example.com/c', 'https://other.example.com/c'],
  ];
  for (const [parent, address, expected] of cases) assert.equal(resolveSubmoduleUrl(parent, address), expected);
  assert.throws(() => resolveSubmoduleUrl('https://git.example.com/shop.git', '../../x'), { code: 'FORBIDDEN' });
});

test('hosts that are this server, however they are written', () => {
  for (const host of ['localhost', 'LOCALHOST', 'a.localhost', 'localhost.', '127.0.0.1', '127.1', '2130706433', '0x7f.1', '0', '0.0.0.0', '::1', '::', '::ffff:127.0.0.1', '169.254.169.254', 'fe80::1', 'metadata.google.internal']) {
    assert.equal(isOwnHost(host), true, host);
  }
  for (const host of ['git.example.com', '203.0.113.7', '10.0.0.5', '2001:db8::1', 'localhost.example.com']) assert.equal(isOwnHost(host), false, host);
});

test('a repository on this server may have its submodules there too', async () => {
  const git = { configFile: '/data/repositories/gitconfig', keyDirectory: '/data/ssh' } as Git;
  const link = (parent: string, child: string) => requireFollowable(git, { parent: parseRemote(parent), child: parseRemote(child), what: 'submodule' });
  await link('ssh://git@127.0.0.1/a', 'ssh://git@127.0.0.1:2222/b');
  await link('https://git.example.com/a', 'git@other.example.com:b');
  await assert.rejects(link('https://git.example.com/a', 'ssh://git@127.0.0.1/b'), { code: 'FORBIDDEN' });
  await assert.rejects(link('https://git.example.com/a', 'file:///etc'), { code: 'FORBIDDEN' });
});

test('the files of .gitmodules are data: garbage in it stops nothing', async (t) => {
  const { shop, lib, place, text } = await start(t);
  const libOne = await lib.commit('main', { x: 'x' });
  const commit = await shop.commit('main', { 'a.txt': '1', '.gitmodules': '[submodule "x"\nupdate = !touch /tmp/x\n\0[[[' }, { links: { lib: libOne } });
  assert.deepEqual((await place(commit)).submodules, []);
  assert.equal(await text('a.txt'), '1');
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedControlError } from '@redcontrol/contract';
import { startHttpHost } from '../testing/http-host.ts';
import { startSshHost } from '../testing/ssh-host.ts';
import { createUpstream, temporaryFolder, testGit } from '../testing/upstream.ts';
import { ensureDeployKey, fetchMirror, hasCommit, listRemote } from '../index.ts';

const project = 'shop';
const failed = (work: Promise<unknown>) => work.then(() => assert.fail('it worked'), (error: RedControlError) => error);

test('ssh: the deploy key opens the repository once it is added, and a changed host is refused', async (t) => {
  const folder = await temporaryFolder(t);
  const [upstream, host] = [await createUpstream(folder), await startSshHost(t, folder)];
  const commit = await upstream.commit('main', { 'a.txt': '1' });
  const git = testGit(folder);
  const url = `ssh://${host.user}@127.0.0.1:${host.port}${upstream.directory}`;

  const refused = await failed(listRemote(git, { project, url }));
  const publicKey = await ensureDeployKey(git, project);
  assert.equal(refused.code, 'REPOSITORY_UNREACHABLE');
  assert.ok(refused.hint?.includes(publicKey));
  assert.match(publicKey, /^ssh-ed25519 \S+ redcontrol shop@/);
  assert.equal((await stat(join(git.keyDirectory, project))).mode & 0o777, 0o600);
  assert.equal((await stat(git.keyDirectory)).mode & 0o077, 0);

  await host.allow(publicKey);
  assert.equal((await listRemote(git, { project, url })).branches['main'], commit);
  await fetchMirror(git, { project, url });
  assert.equal(await hasCommit(git, project, commit), true);
  assert.match(await readFile(join(git.keyDirectory, `${project}.known_hosts`), 'utf8'), /ssh-ed25519/);

  const other = await failed(listRemote(git, { project: 'other', url }));
  assert.match(other.hint ?? '', /Add this deploy key/, 'another project has another key');

  const missing = await failed(listRemote(git, { project, url: `ssh://${host.user}@127.0.0.1:${host.port}/nothing/here.git` }));
  assert.match(missing.hint ?? '', /no such repository/);

  await host.changeHostKey();
  const changed = await failed(listRemote(git, { project, url }));
  assert.match(changed.hint ?? '', /host key of 127\.0\.0\.1 is not the one seen before/);
});

test('a deploy key is made once, also when asked for many times at once', async (t) => {
  const git = testGit(await temporaryFolder(t));
  const lines = await Promise.all(Array.from({ length: 5 }, () => ensureDeployKey(git, project)));
  assert.equal(new Set(lines).size, 1);
  assert.notEqual(await ensureDeployKey(git, 'other'), lines[0]);
  await assert.rejects(async () => ensureDeployKey(git, '../evil'), { code: 'USAGE' });
});

test('http: a token in the address logs in and is never an argument that others can read', async (t) => {
  const folder = await temporaryFolder(t);
  const upstream = await createUpstream(folder);
  const commit = await upstream.commit('main', { 'a.txt': '1' });
  const host = await startHttpHost(t, { root: folder, login: 'anna:to/ken' });
  const git = testGit(folder);
  const address = `127.0.0.1:${host.port}/upstream.git`;

  const refused = await failed(listRemote(git, { project, url: `http://${address}` }));
  assert.match(refused.hint ?? '', /asks for a login/);
  const wrong = await failed(listRemote(git, { project, url: `http://anna:wrong-secret@${address}` }));
  assert.doesNotMatch(`${wrong.message} ${wrong.hint}`, /wrong-secret/);

  const url = `http://anna:to%2Fken@${address}`;
  await fetchMirror(git, { project, url, wanted: commit });
  assert.equal((await listRemote(git, { project, url })).branches['main'], commit);
  const seen = [...host.seenArguments].join('\n');
  assert.match(seen, /git.* fetch /);
  assert.doesNotMatch(seen, /to%2Fken|to\/ken|anna:/);
  const missing = await failed(listRemote(git, { project, url: `http://anna:to%2Fken@127.0.0.1:${host.port}/none.git` }));
  assert.match(missing.hint ?? '', /no such repository/);
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { fetchMirror, mirrorPath, repositoryAt } from '../index.ts';
import { removeMirror } from '../mirror/remove-mirror.ts';
import { createUpstream, temporaryFolder, testGit } from '../testing/upstream.ts';
import { answerReader } from './object-answers.ts';
import { gitResult } from './run-git.ts';

const project = 'shop';

async function start(t: import('node:test').TestContext) {
  const folder = await temporaryFolder(t);
  const upstream = await createUpstream(folder);
  const git = testGit(folder);
  return { upstream, git, target: { project, url: upstream.url } };
}

test('many questions at once get each its own answer', async (t) => {
  const { upstream, git, target } = await start(t);
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`dir${index % 7}/file${index}`, `text ${index}\n`.repeat(index)]));
  const commit = await upstream.commit('main', files);
  await fetchMirror(git, target);
  const view = repositoryAt(git, project, commit);
  const texts = await Promise.all(Object.keys(files).flatMap((path) => [view.readText(path), view.readText(`${path}/none`)]));
  assert.deepEqual(texts, Object.values(files).flatMap((text) => [text, undefined]));
  assert.equal((await view.list('dir3')).length, Object.keys(files).filter((path) => path.startsWith('dir3/')).length);
});

test('objects that a later fetch or a packing brings are found', async (t) => {
  const { upstream, git, target } = await start(t);
  const one = await upstream.commit('main', { a: '1' });
  await fetchMirror(git, target);
  assert.equal(await repositoryAt(git, project, one).readText('a'), '1');
  const two = await upstream.commit('main', { a: '2' });
  assert.equal(await repositoryAt(git, project, two).readText('a'), undefined);
  await fetchMirror(git, target);
  assert.equal(await repositoryAt(git, project, two).readText('a'), '2');
  await gitResult(git, ['repack', '-a', '-d', '-q'], { repository: mirrorPath(git, project) });
  assert.equal(await repositoryAt(git, project, one).readText('a'), '1');
});

test('a mirror that was removed and made again is read anew', async (t) => {
  const { upstream, git, target } = await start(t);
  const commit = await upstream.commit('main', { a: '1' });
  await fetchMirror(git, target);
  assert.equal(await repositoryAt(git, project, commit).exists('a'), true);
  await removeMirror(git, project);
  await fetchMirror(git, target);
  assert.equal(await repositoryAt(git, project, commit).readText('a'), '1');
});

test('a git that ends is an error for who waits, and the next question starts another', async (t) => {
  const { upstream, git, target } = await start(t);
  const commit = await upstream.commit('main', { a: '1' });
  await fetchMirror(git, target);
  const mirror = mirrorPath(git, project);
  await rename(mirror, `${mirror}.away`);
  await assert.rejects(repositoryAt(git, project, commit).readText('a'), { code: 'COMMAND_FAILED' });
  await rename(`${mirror}.away`, mirror);
  assert.equal(await repositoryAt(git, project, commit).readText('a'), '1');
});

test('output is understood wherever its chunks are cut', () => {
  const id = 'a'.repeat(40);
  const output = Buffer.from(`${id} blob 11\nline\nline\n2\nHEAD:none missing\n${id} tree 0\n\n`);
  const checks = Buffer.from(`${id} blob 11\nsymlink 12\n../etc/pa\nwd\nx missing\ndangling 4\na:bc\n${id} commit 230\n`);
  for (let size = 1; size < output.length; size += 1) {
    assert.deepEqual(inPieces(answerReader(true), output, size).map((one) => one?.content.toString()), ['line\nline\n2', undefined, '']);
    assert.deepEqual(inPieces(answerReader(false), checks, size).map((one) => one?.sizeBytes), [11, undefined, undefined, undefined, 230]);
  }
});

function inPieces(reader: ReturnType<typeof answerReader>, bytes: Buffer, size: number) {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
  return pieces.flatMap((piece) => reader.push(piece));
}

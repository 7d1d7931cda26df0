import assert from 'node:assert/strict';
import { appendFile, link, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RedControlError } from '@redcontrol/contract';
import { assertDiskRoom, readDiskRoom, readTreeSize, watchTreeSize } from './index.ts';

const directory = await mkdtemp(join(tmpdir(), 'redcontrol-limits-'));
after(() => rm(directory, { recursive: true, force: true }));
const mebibyte = 1024 ** 2;
const timeoutMs = 30_000;

async function makeTree(name: string): Promise<string> {
  const tree = join(directory, name);
  await mkdir(join(tree, 'a', 'b'), { recursive: true });
  return tree;
}

test('the size is what files take on disk: hard links once, holes and links not', async () => {
  const tree = await makeTree('size');
  const empty = await readTreeSize(tree, { timeoutMs });
  await writeFile(join(tree, 'a', 'b', '-rf *\n"hostile"'), Buffer.alloc(2 * mebibyte, 1));
  await link(join(tree, 'a', 'b', '-rf *\n"hostile"'), join(tree, 'again'));
  await writeFile(join(directory, 'outside'), Buffer.alloc(8 * mebibyte, 1));
  await symlink(join(directory, 'outside'), join(tree, 'link'));
  await writeFile(join(tree, 'sparse'), '');
  await truncate(join(tree, 'sparse'), 100 * mebibyte);
  const grown = (await readTreeSize(tree, { timeoutMs })) - empty;
  assert.ok(grown >= 2 * mebibyte && grown < 3 * mebibyte, String(grown));
});

test('a tree that is not there, or takes too long, is told apart', async () => {
  const isCode = (code: string) => (error: unknown) => error instanceof RedControlError && error.code === code;
  await assert.rejects(readTreeSize(join(directory, 'absent'), { timeoutMs }), isCode('NOT_FOUND'));
  await assert.rejects(readTreeSize('/usr', { timeoutMs: 1 }), isCode('LIMIT_REACHED'));
});

test('a growing tree is found over its limit', async () => {
  const tree = await makeTree('growing');
  const sizes: number[] = [];
  const over = watchTreeSize({ directory: tree, maxBytes: 3 * mebibyte, intervalMs: 5, signal: AbortSignal.timeout(20_000), onSize: (bytes) => sizes.push(bytes) });
  let isDone = false;
  const verdict = over.finally(() => (isDone = true));
  while (!isDone) {
    await appendFile(join(tree, 'log'), Buffer.alloc(mebibyte / 4, 1));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(await verdict, 'over');
  assert.ok(sizes.slice(0, -1).every((bytes) => bytes <= 3 * mebibyte) && sizes.at(-1)! > 3 * mebibyte);
});

test('what a container writes counts too, and its failure counts nothing', async () => {
  const tree = await makeTree('container');
  const signal = AbortSignal.timeout(20_000);
  assert.equal(await watchTreeSize({ directory: tree, maxBytes: mebibyte, intervalMs: 5, signal, extraBytes: async () => 2 * mebibyte }), 'over');
  let looks = 0;
  const abort = new AbortController();
  const failing = { extraBytes: () => Promise.reject(new Error('gone')), onSize: () => (looks += 1) === 3 && abort.abort() };
  assert.equal(await watchTreeSize({ directory: tree, maxBytes: mebibyte, intervalMs: 1, signal: abort.signal, ...failing }), 'ended');
});

test('the watch ends with its signal, also in the middle of a wait, and before it began', async () => {
  const tree = await makeTree('ends');
  const abort = new AbortController();
  const watch = watchTreeSize({ directory: tree, maxBytes: mebibyte, intervalMs: 3_600_000, signal: abort.signal, onSize: () => setTimeout(() => abort.abort(), 1) });
  assert.equal(await watch, 'ended');
  assert.equal(await watchTreeSize({ directory: '/', maxBytes: 0, intervalMs: 1, signal: AbortSignal.abort() }), 'ended');
});

test('a slow look is followed by a long wait: nine times as long', async () => {
  const abort = new AbortController();
  const waits: number[] = [];
  const clock = { sleep: async (ms: number) => (waits.push(ms), abort.abort()) as unknown as void };
  const extraBytes = () => new Promise<number>((resolve) => setTimeout(resolve, 60, 0));
  await watchTreeSize({ directory, maxBytes: Infinity, intervalMs: 1, signal: abort.signal, extraBytes, clock });
  assert.ok(waits[0]! >= 9 * 59, String(waits[0]));
});

test('a disk without room is refused with what is free, what is needed and what to do', async () => {
  const room = await readDiskRoom(directory);
  assert.ok(room.freeBytes > 0 && room.totalBytes > room.freeBytes);
  assert.deepEqual(await readDiskRoom(join(directory, 'not', 'made', 'yet')).then(({ totalBytes }) => totalBytes), room.totalBytes);
  await assertDiskRoom(directory, mebibyte);
  await assert.rejects(assertDiskRoom(directory, 2 ** 60), (error: unknown) => {
    assert.ok(error instanceof RedControlError && error.code === 'DISK_FULL');
    assert.match(error.message, /^Expected 1048576 TB free on the disk of .*, got [\d.]+ [A-Z]+ of [\d.]+ [A-Z]+$/);
    assert.match(error.hint ?? '', /^Free some disk/);
    return true;
  });
});

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RedControlError } from '@redcontrol/contract';
import { killTree, spawnProcess } from '@redcontrol/system';
import { closeLeftLog, createMask, openLogWriter, readLog } from './index.ts';

const directory = await mkdtemp(join(tmpdir(), 'redcontrol-logs-'));
after(() => rm(directory, { recursive: true, force: true }));

const noMask = createMask([]);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
let count = 0;
const freshPath = () => join(directory, `${(count += 1)}`, '0.log');

test('the closed log has the length and checksum of the file', async () => {
  const path = freshPath();
  const writer = await openLogWriter({ path, mask: createMask([{ name: 'S', value: 'hunter2' }]) });
  await writer.write(Buffer.from('pass hun'));
  await writer.write(Buffer.from('ter2 ok\nhunt'));
  const closed = await writer.close();
  const file = await readFile(path);
  assert.equal(file.toString(), 'pass *** ok\nhunt', 'what was held comes at the end');
  assert.deepEqual(closed, { bytes: file.length, sha256: sha256(file) });
  assert.deepEqual(await writer.close('again'), closed, 'a second close changes nothing');
  await assert.rejects(writer.write(Buffer.from('late')), RedControlError);
  assert.equal((await stat(path)).mode & 0o007, 0, 'not for others');
});

test('many small writes that nobody waits for arrive whole and in order', async () => {
  const path = freshPath();
  const writer = await openLogWriter({ path, mask: noMask });
  const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at}\n`).join('');
  await Promise.all(Array.from(lines, (character) => writer.write(Buffer.from(character))));
  const closed = await writer.close();
  assert.equal(await readFile(path, 'utf8'), lines);
  assert.equal(closed.bytes, lines.length);
});

test('a line is in the file soon, without a close', async () => {
  const path = freshPath();
  const grown = Promise.withResolvers<number>();
  const writer = await openLogWriter({ path, mask: createMask([{ name: 'S', value: 'secret-value' }]), onGrow: grown.resolve });
  await writer.write(Buffer.from('first line\n'));
  assert.equal(await grown.promise, 11);
  assert.equal(await readFile(path, 'utf8'), 'first line\n');
  await writer.close();
});

test('a flood is cut at the limit with a line that says so, and the rest is counted', async () => {
  const path = freshPath();
  const writer = await openLogWriter({ path, mask: noMask, maxBytes: 10_000 });
  const chunk = Buffer.from('0123456789abcde\n'.repeat(100));
  for (let at = 0; at < 50; at += 1) await writer.write(chunk);
  const closed = await writer.close('the step took too long');
  const text = await readFile(path, 'utf8');
  assert.equal(closed.bytes, text.length);
  assert.ok(text.length < 10_400);
  assert.equal(text.slice(0, 10_000), chunk.toString().repeat(7).slice(0, 10_000));
  assert.deepEqual(text.slice(10_000).trimEnd().split('\n'), [
    '[redcontrol] the log is cut here at 9.8 KB; what follows is dropped',
    '[redcontrol] 68.4 KB (70000 bytes) more were dropped',
    '[redcontrol] the step took too long',
  ]);
});

test('a cut splits no character and begins its line anew', async () => {
  for (let maxBytes = 1; maxBytes < 20; maxBytes += 1) {
    const path = freshPath();
    const writer = await openLogWriter({ path, mask: noMask, maxBytes });
    await writer.write(Buffer.from('жa€🔑жa€🔑жжжж'));
    await writer.close();
    const bytes = await readFile(path);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    assert.match(text, /^[^\n[]*\n?\[redcontrol\] the log is cut here/);
  }
});

test('a log of exactly the limit is not cut', async () => {
  const path = freshPath();
  const writer = await openLogWriter({ path, mask: noMask, maxBytes: 10 });
  await writer.write(Buffer.from('0123456789'));
  await writer.close();
  assert.equal(await readFile(path, 'utf8'), '0123456789');
});

test('growth is told at most 20 times a second, and the end always', async () => {
  const told: number[] = [];
  const path = freshPath();
  const startMs = performance.now();
  const writer = await openLogWriter({ path, mask: noMask, onGrow: (bytes) => told.push(bytes) });
  for (let at = 0; at < 200; at += 1) {
    await writer.write(Buffer.alloc(70_000, 65));
    await new Promise(setImmediate);
  }
  const { bytes } = await writer.close();
  const seconds = (performance.now() - startMs) / 1000;
  assert.ok(told.length <= 20 * seconds + 2, `${told.length} in ${seconds} s`);
  assert.equal(told.at(-1), bytes);
  assert.deepEqual(told, told.toSorted((a, b) => a - b));
});

test('a caller that waits is held to the disk: memory stays bounded over 200 MB', async () => {
  const path = freshPath();
  const writer = await openLogWriter({ path, mask: createMask([{ name: 'S', value: 'hunter2hunter2' }]), maxBytes: 10 ** 9 });
  const chunk = Buffer.from(`${'x'.repeat(99)}\n`.repeat(640));
  const before = process.memoryUsage.rss();
  let peak = 0;
  for (let at = 0; at < 3200; at += 1) {
    await writer.write(chunk);
    if (at % 100 === 0) peak = Math.max(peak, process.memoryUsage.rss() - before);
  }
  const { bytes } = await writer.close();
  assert.equal(bytes, chunk.length * 3200);
  assert.ok(peak < 100 * 1024 ** 2, `${peak}`);
});

test('a full disk is said with its code, and what reached the file is closed truly', async () => {
  const writer = await openLogWriter({ path: '/dev/full', mask: noMask });
  const isDiskFull = (error: unknown) => error instanceof RedControlError && error.code === 'DISK_FULL';
  await assert.rejects(async () => {
    for (let at = 0; at < 100; at += 1) await writer.write(Buffer.alloc(100_000, 65));
  }, isDiskFull);
  await assert.rejects(writer.write(Buffer.from('more')), isDiskFull);
  assert.deepEqual(await writer.close('note'), { bytes: 0, sha256: sha256(Buffer.alloc(0)) });
});

test('after a killed daemon the left log is closed with its true length and checksum, and can be gone on with', async () => {
  const path = freshPath();
  const program = `
    import { createMask, openLogWriter } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    const writer = await openLogWriter({ path: process.argv[1], mask: createMask([{ name: 'S', value: 'hunter2hunter2' }]) });
    for (let at = 0; ; at += 1) { await writer.write(Buffer.from('line ' + at + ' hunter2hunter2\\n')); if (at % 100 === 0) await new Promise((r) => setTimeout(r, 1)); if (at === 5000) console.log('far'); }`;
  const child = spawnProcess(process.execPath, ['--input-type=module', '-e', program, path], { stderr: 'inherit' });
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  killTree(child, 'SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));

  const left = await readFile(path);
  assert.ok(left.length > 10_000);
  assert.equal(left.includes('hunter2'), false);
  assert.deepEqual(await closeLeftLog(path), { bytes: left.length, sha256: sha256(left) });
  const noted = await closeLeftLog(path, 'the daemon was restarted');
  const file = await readFile(path);
  assert.deepEqual(noted, { bytes: file.length, sha256: sha256(file) });
  assert.ok(file.toString().endsWith('\n[redcontrol] the daemon was restarted\n'));

  const writer = await openLogWriter({ path, mask: noMask });
  await writer.write(Buffer.from('on it goes\n'));
  const closed = await writer.close();
  const whole = await readFile(path);
  assert.deepEqual(closed, { bytes: whole.length, sha256: sha256(whole) });
  assert.ok(whole.subarray(0, file.length).equals(file));
});

test('a log that was never begun closes as an empty one', async () => {
  assert.deepEqual(await closeLeftLog(join(directory, 'none.log'), 'note'), { bytes: 0, sha256: sha256(Buffer.alloc(0)) });
});

test('a log read in parts of any size is the same bytes', async () => {
  const path = join(directory, 'read.log');
  const content = randomBytes(10_007);
  await writeFile(path, content);
  for (const limit of [1, 7, 4096, 10_006, 10_007, 10_008]) {
    const parts: Buffer[] = [];
    for (let offset = 0; ; ) {
      const part = await readLog(path, offset, limit);
      assert.equal(part.totalBytes, content.length);
      if (part.data.length === 0) break;
      parts.push(part.data);
      offset = part.nextOffset;
      if (limit === 1 && offset > 300) break;
    }
    const read = Buffer.concat(parts);
    assert.ok(content.subarray(0, read.length).equals(read) && (limit === 1 || read.length === content.length), `limit ${limit}`);
  }
  assert.deepEqual(await readLog(path, 20_000, 10), { data: Buffer.alloc(0), nextOffset: content.length, totalBytes: content.length });
  await assert.rejects(readLog(join(directory, 'gone.log'), 0, 1), (error: unknown) => error instanceof RedControlError && error.code === 'NOT_FOUND');
});

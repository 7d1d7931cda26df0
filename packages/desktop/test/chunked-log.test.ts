import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chunkBytes, ChunkedLog } from '../src/parts/log/chunked-log.ts';
import { errorWords, plainLine, searchLog } from '../src/parts/log/search-log.ts';

function logOf(text: string | Buffer, closed = true): { log: ChunkedLog; reads: number[]; source: { bytes: Buffer } } {
  const source = { bytes: Buffer.from(text) };
  const reads: number[] = [];
  const log = new ChunkedLog(async (offset, limit) => {
    reads.push(offset);
    const bytes = source.bytes.subarray(offset, offset + limit);
    return { bytes: new Uint8Array(bytes), totalBytes: source.bytes.length, closed };
  });
  log.setLength(source.bytes.length, closed);
  return { log, reads, source };
}

async function readAll(log: ChunkedLog): Promise<string[]> {
  const lines: string[] = [];
  for (let chunk = 0; chunk < log.chunkCount; chunk += 1) lines.push(...(await log.linesIn(chunk)));
  return lines;
}

test('lines come back whole, whatever lies on the border of two chunks', async () => {
  const cases = {
    'a line over the border': `${'x'.repeat(chunkBytes - 3)}abcdef\nnext\n`,
    'a line break as the last byte of a chunk': `${'x'.repeat(chunkBytes - 1)}\nnext\nlast`,
    'a line break as the first byte of a chunk': `${'x'.repeat(chunkBytes)}\nnext\n`,
    'a letter of two bytes over the border': `${'x'.repeat(chunkBytes - 1)}ж\nnext\n`,
    'no line break at the end': 'one\ntwo',
    'empty lines': '\n\n\n',
    'one line': 'one',
  };
  for (const [name, text] of Object.entries(cases)) {
    const { log } = logOf(text);
    const expected = text.replace(/\n$/, '').split('\n');
    assert.deepEqual(await readAll(log), expected, name);
    assert.equal(log.lineCount, expected.length, name);
    for (const [line, wanted] of expected.entries()) assert.equal(log.textAt(line), wanted, `${name}, line ${line}`);
  }
  assert.equal(logOf('').log.lineCount, 0);
});

test('only what is looked at is read, and line numbers are estimates until then', async () => {
  const lines = Array.from({ length: 200_000 }, (_, index) => `line ${String(index).padStart(7, '0')}`);
  const { log, reads } = logOf(`${lines.join('\n')}\n`);
  await log.load(log.chunkCount - 1);
  assert.equal(reads.length, 1);
  assert.ok(Math.abs(log.lineCount - lines.length) < 2000, `an estimate near the truth, got ${log.lineCount}`);
  assert.equal(log.isExactBefore(1), false);
  const place = { chunk: 3, line: 100 };
  await log.linesIn(3);
  const before = log.textAt(log.lineAt(place));
  await readAll(log);
  assert.equal(log.lineCount, lines.length);
  assert.equal(log.textAt(log.lineAt(place)), before, 'a place stays what it is when estimates become exact');
  assert.equal(log.isExactBefore(log.chunkCount), true);
});

test('what is kept in memory is bounded, and what was let go is read again', async () => {
  const { log, reads } = logOf(Buffer.alloc(chunkBytes * 60, 'a line of sixteen\n'));
  const count = (await readAll(log)).length;
  const readOnce = reads.length;
  assert.ok(readOnce >= 60);
  assert.equal(log.textAt(0), undefined, 'the first chunk was let go');
  await log.load(0);
  assert.equal(log.textAt(0), 'a line of sixteen');
  assert.equal(log.lineCount, count);
});

test('a log that grows is read on from where it was', async () => {
  const { log, reads, source } = logOf('one\ntw', false);
  await log.load(0);
  assert.equal(log.textAt(1), 'tw');
  source.bytes = Buffer.from('one\ntwo\nthree\n');
  log.setLength(source.bytes.length, false);
  await log.load(0);
  assert.deepEqual([log.textAt(1), log.textAt(2), log.lineCount], ['two', 'three', 3]);
  assert.deepEqual(reads, [0, 6]);
});

test('a read that fails is told, and can be tried again', async () => {
  let fails = true;
  const log = new ChunkedLog(async () => {
    if (fails) throw new Error('away');
    return { bytes: new TextEncoder().encode('text'), totalBytes: 4, closed: true };
  });
  log.setLength(4, true);
  await log.load(0);
  assert.match(String(log.error), /away/);
  fails = false;
  await log.load(0);
  assert.equal(log.error, undefined);
  assert.equal(log.textAt(0), 'text');
});

test('a search goes through all of it without colours, and can be stopped', async () => {
  const { log } = logOf(`${Array.from({ length: 50_000 }, (_, index) => (index % 10_000 === 9_999 ? '\u001b[31mnee\u001b[0mdle' : 'hay and more hay')).join('\n')}\n`);
  const found = await searchLog(log, { query: 'NEEDLE', signal: new AbortController().signal, onFound: () => {} });
  assert.equal(found.count, 5);
  assert.equal(log.lineAt(found.matches[2]!), 29_999);
  const stop = new AbortController();
  let told = 0;
  await searchLog(log, { query: 'hay', signal: stop.signal, onFound: () => { told += 1; stop.abort(); } });
  assert.equal(told, 1);
});

test('the words of an error are found, and plain lines have no escapes and only what a progress bar last said', () => {
  for (const line of ['npm ERR! code 1', 'E   AssertionError: no: error', 'FAILED tests', 'Traceback (most recent call last):', 'panic: nil']) assert.match(line, errorWords);
  assert.doesNotMatch('0 terrors found', errorWords);
  assert.equal(plainLine('\u001b[1;32mok\u001b[0m\r'), 'ok');
  assert.equal(plainLine('10%\r50%\r100%'), '100%');
  assert.equal(plainLine('\u001b]0;title\u0007text'), 'text');
});

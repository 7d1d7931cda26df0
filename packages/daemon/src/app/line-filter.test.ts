import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineFilter, matchingLines } from './line-filter.ts';

test('lines and characters that come in pieces are put together', () => {
  const filter = lineFilter(undefined);
  const bytes = Buffer.from('раз\nдва\nтри');
  const pieces = [...bytes].map((byte) => filter(Buffer.from([byte])));
  assert.equal(pieces.join(''), 'раз\nдва\n');
});

test('only lines with the text pass, and the text is no pattern', () => {
  const filter = lineFilter('a.c');
  assert.equal(filter(Buffer.from('abc\na.')) + filter(Buffer.from('c\nxa.cx\n')), 'a.c\nxa.cx\n');
  assert.equal(matchingLines('one\ntwo\none', 'one'), 'one\none');
});

test('a line without an end does not fill the memory', () => {
  const filter = lineFilter(undefined);
  let given = 0;
  for (let index = 0; index < 1000; index += 1) given += filter(Buffer.alloc(1024, 'x')).length;
  assert.ok(given > 900 * 1024, `${given}`);
});

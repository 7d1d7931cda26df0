import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { RedControlError } from '@redcontrol/contract';
import { buildAutomaton, maxPatternBytes } from './automaton.ts';
import { MaskStream, minHeldCharacters } from './mask-stream.ts';

const isBreak = (character: string) => character === '\n' || character === '\r';

/** The same masking in the plainest way, on whole texts: what the stream has to agree with. */
function maskPlainly(text: string, patterns: string[]): string {
  const places = [...text].flatMap((character, at) => (isBreak(character) ? [] : [at]));
  const bare = places.map((at) => text[at]).join('');
  const longestBeginning = (end: number) => Math.max(0, ...patterns.map((pattern) => {
    for (let length = Math.min(pattern.length - 1, end); length > 0; length -= 1) if (bare.slice(end - length, end) === pattern.slice(0, length)) return length;
    return 0;
  }));
  const floors = [...text].flatMap((character, at) => (isBreak(character) && longestBeginning(places.filter((place) => place < at).length) < minHeldCharacters ? [at] : []));
  const masked = new Set<number>();
  for (const pattern of patterns) {
    for (let start = bare.indexOf(pattern); start >= 0; start = bare.indexOf(pattern, start + 1)) {
      const end = places[start + pattern.length - 1]!;
      const floor = floors.filter((at) => at < end).at(-1) ?? -1;
      for (let at = start; at < start + pattern.length; at += 1) if (places[at]! > floor) masked.add(places[at]!);
    }
  }
  let output = '';
  let inMark = false;
  [...text].forEach((character, at) => {
    if (!masked.has(at)) output += character;
    else if (!inMark) output += '***';
    inMark = masked.has(at);
  });
  return output;
}

function maskInChunks(text: string | Buffer, patterns: (string | Buffer)[], cuts: number[]): string {
  const stream = new MaskStream(buildAutomaton(patterns.map((pattern) => Buffer.from(pattern as string))));
  const bytes = Buffer.from(text as string);
  const borders = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  const pieces = borders.slice(1).map((end, at) => stream.push(bytes.subarray(borders[at], end)));
  return Buffer.concat([...pieces, stream.end()]).toString('latin1');
}

/** Repeatable random numbers below n (mulberry32), so that a failure can be run again. */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}

test('agrees with plain masking on 3,000 small texts full of overlaps, in random chunks', () => {
  for (let seed = 0; seed < 3000; seed += 1) {
    const roll = dice(seed);
    const letters = seed % 3 === 0 ? 'a' : seed % 3 === 1 ? 'ab' : 'abc';
    const word = (length: number) => Array.from({ length }, () => letters[roll(letters.length)]).join('');
    const patterns = Array.from({ length: 1 + roll(5) }, () => word(4 + roll(7)));
    const text = Array.from({ length: 10 + roll(60) }, () => (roll(8) === 0 ? '\n\r'[roll(2)] : roll(12) === 0 ? patterns[roll(patterns.length)] : word(1))).join('');
    const cuts = Array.from({ length: roll(8) }, () => roll(text.length + 1));
    assert.equal(maskInChunks(text, patterns, cuts), maskPlainly(text, patterns), JSON.stringify({ seed, patterns, text, cuts }));
  }
});

test('every place to cut in two, and single bytes, give the same', () => {
  const patterns = ['secret', 'secretive', 'cretin', 'tivestore', 'aaaa'];
  const text = 'x secret secretive secretivestore secrecretin aaaaaaaaab sec\nret\r\nive se\nsecr\net end';
  const whole = maskPlainly(text, patterns);
  assert.match(whole, /^x \*\*\* \*\*\* \*\*\* /);
  for (let cut = 0; cut <= text.length; cut += 1) assert.equal(maskInChunks(text, patterns, [cut]), whole, `cut at ${cut}`);
  assert.equal(maskInChunks(text, patterns, Array.from(text, (_, at) => at)), whole);
});

test('a secret inside another, or the beginning of another, hides nothing less', () => {
  assert.equal(maskInChunks('-abcdefgh-', ['abcdefgh', 'cdef'], []), '-***-');
  assert.equal(maskInChunks('-abcdefgX-', ['abcdefgh', 'cdef'], []), '-ab***gX-');
  assert.equal(maskInChunks('-abcdefgX-', ['abcdefgh', 'abcd'], []), '-***efgX-');
  assert.equal(maskInChunks('-abcdefgh-', ['abcdef', 'defgh'], []), '-***-');
  assert.equal(maskInChunks('-abcdwxyz-', ['abcd', 'wxyz'], [5]), '-***-', 'neighbours share a mark, also across chunks');
});

test('line breaks come out as they were, inside of secrets too', () => {
  const text = 'key: abcd\r\nefgh\r\nijkl!\n\n';
  assert.equal(maskInChunks(text, ['abcdefghijkl'], []), 'key: ***\r\n***\r\n***!\n\n');
  assert.equal(maskInChunks('abcd' + '\n'.repeat(9) + 'efgh', ['abcdefgh'], []), 'abcd' + '\n'.repeat(9) + 'efgh', 'nine breaks in a row end a match');
  assert.equal(maskInChunks('abcd' + '\n'.repeat(8) + 'efgh', ['abcdefgh'], []), '***' + '\n'.repeat(8) + '***');
});

test('binary data passes byte for byte', () => {
  const data = randomBytes(300_000);
  const stream = new MaskStream(buildAutomaton([Buffer.from('a secret that is not in there')]));
  const output: Buffer[] = [];
  const roll = dice(7);
  for (let at = 0; at < data.length; ) {
    const length = 1 + roll(9000);
    output.push(stream.push(data.subarray(at, at + length)));
    at += length;
  }
  assert.ok(Buffer.concat([...output, stream.end()]).equals(data));
});

test('nothing is held back beyond the longest beginning of a secret, and a line without one passes at once', () => {
  const stream = new MaskStream(buildAutomaton([Buffer.from('secret-value')]));
  const push = (text: string) => stream.push(Buffer.from(text)).toString();
  assert.equal(push('hello\n'), 'hello\n');
  assert.equal(push('progress 50%'), 'progress 50%');
  assert.equal(push(' ... s'), ' ... ');
  assert.equal(stream.heldBytes, 1);
  assert.equal(push('\n'), 's\n', 'at a line break three characters are no reason to wait');
  assert.equal(push('the secret'), 'the ');
  assert.equal(push('\n'), '');
  assert.equal(push('ary\n'), 'secret\nary\n');
  assert.equal(push('secret-valu'), '');
  assert.equal(push('e'), '***');
  assert.equal(push('secret-'), '');
  assert.equal(stream.end().toString(), 'secret-');
});

test('what is held stays bounded while an endless text nearly matches', () => {
  const secret = Buffer.from('ab'.repeat(5000) + 'c');
  const stream = new MaskStream(buildAutomaton([secret]));
  const near = Buffer.from('ab'.repeat(500_000));
  let given = 0;
  for (let at = 0; at < near.length; at += 1000) {
    given += stream.push(near.subarray(at, at + 1000)).length;
    assert.ok(stream.heldBytes <= secret.length, String(stream.heldBytes));
  }
  assert.equal(given + stream.end().length, near.length);
  const breaks = new MaskStream(buildAutomaton([secret]));
  breaks.push(Buffer.from('abab'));
  for (let line = 0; line < 1000; line += 1) breaks.push(Buffer.from('\n'));
  assert.equal(breaks.heldBytes, 0, 'empty lines do not pile up behind a beginning');
});

test('work per byte does not grow with the length of secrets that nearly match', () => {
  const looks = (length: number) => {
    const automaton = buildAutomaton([Buffer.from('a'.repeat(length) + 'b')]);
    const stream = new MaskStream(automaton);
    let steps = 0;
    const fail = automaton.fail;
    automaton.fail = new Proxy(fail, { get: (target, key) => (typeof key === 'string' && /^\d+$/.test(key) && (steps += 1), Reflect.get(target, key)) });
    const text = Buffer.from(('a'.repeat(length - 1) + 'b').repeat(Math.ceil(100_000 / length)));
    stream.push(text);
    return steps / text.length;
  };
  assert.ok(looks(10) <= 1.01);
  assert.ok(looks(20_000) <= 1.01, 'a step back is paid for by a step forward');
});

test('too many patterns are refused, not held', () => {
  const half = maxPatternBytes / 2 + 1;
  assert.throws(() => buildAutomaton([Buffer.alloc(half, 1), Buffer.alloc(half, 2)]), (error: unknown) => error instanceof RedControlError && error.code === 'LIMIT_REACHED');
});

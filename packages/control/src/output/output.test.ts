import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { createLogFilter } from './log-filter.ts';
import { plainLine } from './plain-text.ts';
import { relativeTime } from './relative-time.ts';
import { cut } from './table.ts';

test('times are told relative to now', () => {
  const now = 1_800_000_000_000;
  const cases: [number, string][] = [[0, 'now'], [-400, 'now'], [-1000, '1s ago'], [-59_999, '59s ago'], [-3_600_000, '1h ago'], [-90_000_000, '1d ago'], [120_000, 'in 2m']];
  for (const [away, expected] of cases) assert.equal(relativeTime(now + away, now), expected);
  assert.equal(relativeTime(null, now), '–');
});

test('text is cut by its width on the terminal, never within a character', () => {
  assert.equal(cut('Корзина', 5), 'Корз…');
  assert.equal(cut('日本語テスト', 5), '日本…');
  assert.equal(cut('👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 4), '👨‍👩‍👧‍👦…');
  assert.equal(cut('short', 5), 'short');
  for (let width = 1; width < 12; width += 1) assert.ok(stringWidth(cut('aж日👍🏽b́c', width)) <= width);
});

test('a line from outside has no control characters, escape sequences or marks of direction', () => {
  assert.equal(plainLine('a\u001b[31mb\u001b]8;;http://x\u0007c\u0000d\u202eе\ng '), 'abc dе g');
  assert.doesNotMatch(plainLine('\u001b[2J\u001b]0;t\u0007\u0007x\u2028\u2066'), /[\p{Cc}\u2028\u2066]/u);
});

const hostile = 'a\u001b[1;31mred\u001b[0m b\u001b[2Jc\u001b]0;title\u0007d\u001b]52;c;eA==\u001b\\e\u001bPq\u001b\\f\u001b(Bg\tж\rh\r\ni\u009b2Jj\u0008k\u001b[?1049hl';
const harmless = 'a\u001b[1;31mred\u001b[0m bcdefg\tж\nh\ni2Jjkl';

test('of a log only colours, tabs and line ends reach the terminal', () => {
  const filter = createLogFilter();
  assert.equal(filter.push(Buffer.from(hostile)) + filter.end(), harmless);
});

test('that holds wherever the log is cut in two', () => {
  const bytes = Buffer.from(hostile);
  for (let at = 0; at <= bytes.length; at += 1) {
    const filter = createLogFilter();
    const text = filter.push(bytes.subarray(0, at)) + filter.push(bytes.subarray(at)) + filter.end();
    assert.equal(text, harmless, `cut at byte ${at}`);
  }
});

test('a sequence that is broken off takes no text with it', () => {
  const filter = createLogFilter();
  assert.equal(filter.push(Buffer.from('a\u001bж \u001b[12\nb \u001b]0;title\nc \u001b]0;open')) + filter.end(), 'aж \nb \nc ]0;open');
});

test('an escape sequence without end is not held back for ever', () => {
  const filter = createLogFilter();
  const text = filter.push(Buffer.from(`\u001b]0;${'x'.repeat(10_000)}`)) + filter.push(Buffer.from('after\n')) + filter.end();
  assert.match(text, /after\n$/);
  assert.ok(!text.includes('\u001b'));
});

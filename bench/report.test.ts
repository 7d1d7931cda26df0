import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measure, measurePaired, summarize } from './measure.ts';
import { formatTable, mergeReport, type BenchResult } from './report.ts';
import { isReached, rowOf, type BenchRow } from './row.ts';

test('a median lies in the middle, whatever the order and the outlier', () => {
  assert.deepEqual(summarize([9000, 1, 3, 2, 4]), { median: 3, min: 1, max: 9000, runs: 5 });
  assert.equal(summarize([1, 2]).median, 1.5);
  assert.throws(() => summarize([]), RangeError);
});

test('warm-up runs are not counted and a returned figure wins over the clock', async () => {
  const seen: number[] = [];
  const measured = await measure({ warmup: 2, runs: 3, task: (run) => (seen.push(run), run * 10) });
  assert.deepEqual(seen, [-1, -2, 0, 1, 2]);
  assert.deepEqual(measured, { median: 10, min: 0, max: 20, runs: 3 });
});

test('paired runs alternate and the ratio is taken within each pair', async () => {
  const order: string[] = [];
  const paired = await measurePaired({
    warmup: 0, runs: 3,
    subject: (run) => (order.push('A'), [10, 100, 1000][run]!),
    floor: (run) => (order.push('B'), [5, 50, 100][run]!),
  });
  assert.equal(order.join(''), 'ABABAB');
  assert.equal(paired.ratio, 2);
  assert.equal(paired.floor.median, 50);
});

test('a target is reached only when each of its parts holds', () => {
  const row: BenchRow = { name: 'x', unit: 'ms', value: 200, floor: 100, ratio: 2, runs: 1 };
  assert.equal(isReached(row), undefined);
  assert.equal(isReached({ ...row, target: { atMost: 200, ratioAtMost: 2 } }), true);
  assert.equal(isReached({ ...row, target: { atMost: 300, ratioAtMost: 1.9 } }), false);
  assert.equal(isReached({ ...row, target: { atLeast: 201 } }), false);
  assert.equal(isReached({ name: 'x', unit: 'ms', value: 1, runs: 1, target: { ratioAtMost: 2 } }), false, 'no floor, no ratio');
});

test('a new result replaces its own section and leaves the others byte for byte', () => {
  const first = mergeReport(undefined, [resultOf('beta', 1), resultOf('alpha', 2)]);
  assert.ok(first.indexOf('## alpha') < first.indexOf('## beta'));
  const second = mergeReport(first, [resultOf('beta', 77)]);
  const alpha = (text: string) => text.slice(text.indexOf('## alpha'), text.indexOf('## beta'));
  assert.equal(alpha(second), alpha(first));
  assert.match(second, /77 ms/);
  assert.doesNotMatch(second, /\| 1 ms/);
  assert.equal(mergeReport(second, []), second, 'writing again changes nothing');
});

test('the table for the terminal has one line a row', () => {
  assert.equal(formatTable(resultOf('alpha', 3).rows).split('\n').length, 2);
});

function resultOf(name: string, figure: number): BenchResult {
  const measured = { median: figure, min: figure, max: figure, runs: 1 };
  const bench = { title: `Title of ${name}`, about: 'About it.', run: async () => [] };
  return { name, bench, rows: [rowOf({ name: 'a | b', unit: 'ms', measured })], machine: 'machine', day: '2026-01-01' };
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeCertificate, judgeDisk, judgeErrors, judgeMemory, type Measured } from './judge-alert.ts';

const verdict = ({ isWrong, isOver }: Measured) => (isWrong ? 'wrong' : isOver ? 'over' : 'stays');

test('errors: too few requests say nothing, and what is at the limit neither begins nor ends again and again', () => {
  const of = (requests: number, errors: number, samples = 20) => verdict(judgeErrors({ requests, errors, samples }, 0.05));
  assert.deepEqual([of(2, 2), of(19, 19), of(20, 1), of(1000, 49), of(1000, 26), of(1000, 25), of(0, 0)], ['stays', 'stays', 'wrong', 'stays', 'stays', 'over', 'over']);
  assert.equal(of(0, 0, 3), 'stays', 'the daemon was down most of the time');
  assert.equal(of(0, 0, 0), 'stays');
});

test('memory: a peak is no alert, nor is a short rest the end of one', () => {
  const of = (recent: number[], longer = [...Array.from({ length: 12 }, () => 0.1), ...recent]) => verdict(judgeMemory({ recent, longer, text: '' }, 0.9));
  const times = (count: number, share: number) => Array.from({ length: count }, () => share);
  assert.deepEqual([of(times(8, 0.95)), of([...times(7, 0.95), 0.5]), of(times(5, 0.99)), of(times(8, 0.87)), of(times(8, 0.5))], ['wrong', 'stays', 'stays', 'stays', 'over']);
  assert.equal(of(times(8, 0.5), [0.95, ...times(19, 0.5)]), 'stays');
  assert.equal(of([], []), 'over', 'it is gone');
});

test('disk and certificate', () => {
  assert.deepEqual([[0.5], [0.9], [0.89], [0.95, 0.85], []].map((shares) => verdict(judgeDisk(shares, 0.9))), ['over', 'wrong', 'stays', 'stays', 'over']);
  const day = 86_400_000;
  assert.deepEqual([90 * day, 14 * day, 14 * day - 1, -day].map((left) => verdict(judgeCertificate(left, 14 * day))), ['over', 'over', 'wrong', 'wrong']);
  assert.deepEqual(judgeCertificate(3.5 * day, 14 * day), { isWrong: true, isOver: false, value: '3 d', limit: '14 d' });
});

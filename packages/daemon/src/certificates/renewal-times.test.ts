import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renewalAt, waitAfterFailureMs } from './renewal-times.ts';

test('a certificate is renewed a little before two thirds of its life, each domain at its own moment', () => {
  const [notBefore, notAfter] = [1_000_000, 1_000_000 + 90 * 86_400_000];
  const times = Array.from({ length: 200 }, (_, index) => renewalAt(`site${index}.test`, { notBefore, notAfter }));
  const life = notAfter - notBefore;
  for (const time of times) assert.ok(time > notBefore + life * 0.63 && time <= notBefore + (life * 2) / 3);
  assert.ok(new Set(times.map((time) => Math.floor(time / 3_600_000))).size > 40, 'spread over days');
  assert.equal(renewalAt('site1.test', { notBefore, notAfter }), times[1], 'the same after a restart');
});

test('waits grow to a bound, and longer where the CA said no', () => {
  assert.deepEqual([1, 2, 3, 7, 100].map((failures) => waitAfterFailureMs(failures, 'domain') / 60_000), [1, 2, 4, 60, 60]);
  assert.deepEqual([1, 2, 3, 8, 100].map((failures) => waitAfterFailureMs(failures, 'authority') / 60_000), [15, 30, 60, 1440, 1440]);
});

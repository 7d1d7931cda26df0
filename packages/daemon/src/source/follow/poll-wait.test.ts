import { test } from 'node:test';
import assert from 'node:assert/strict';
import { maxFailureWaitMs, pollWaitMs } from './poll-wait.ts';

const wait = (changes: Partial<Parameters<typeof pollWaitMs>[0]>) => pollWaitMs({ pollMs: 15_000, failures: 0, followers: 1, random: () => 0.5, ...changes });

test('polling keeps its interval, scattered, grows while it fails, and many projects share their looks', () => {
  assert.equal(wait({}), 15_000);
  assert.deepEqual([wait({ random: () => 0 }), wait({ random: () => 0.999 })].map(Math.round), [13_500, 16_497]);
  assert.deepEqual([1, 2, 3, 10, 1000].map((failures) => wait({ failures })), [30_000, 60_000, 120_000, maxFailureWaitMs, maxFailureWaitMs]);
  assert.equal(wait({ followers: 30 }), 15_000);
  assert.equal(wait({ followers: 100 }), 50_000);
  assert.equal(wait({ followers: 100, pollMs: 60_000 }), 60_000);
  assert.equal(wait({ pollMs: 10 * 60_000, failures: 3 }), 10 * 60_000, 'a failure never makes looks more frequent');
});

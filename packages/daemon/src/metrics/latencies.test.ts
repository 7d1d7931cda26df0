import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addLatency, createLatencies, decodeLatencies, encodeLatencies, mergeLatencies, quantileMs } from './latencies.ts';

test('percentiles are right within a tenth, also after parts were stored and merged', () => {
  const values = Array.from({ length: 5000 }, (_, index) => 2 + ((index * 7919) % 5000) * 0.6);
  const whole = createLatencies();
  for (let part = 0; part < 10; part += 1) {
    const one = createLatencies();
    for (const ms of values.slice(part * 500, part * 500 + 500)) addLatency(one, ms);
    mergeLatencies(whole, decodeLatencies(encodeLatencies(one)));
  }
  const sorted = values.toSorted((a, b) => a - b);
  for (const share of [0.5, 0.95, 0.99]) {
    const [right, told] = [sorted[Math.floor(share * sorted.length)]!, quantileMs(whole, share)!];
    assert.ok(Math.abs(told - right) / right < 0.1, `${share}: ${told} for ${right}`);
  }
  assert.ok(Math.abs(whole.sumMs - values.reduce((sum, ms) => sum + ms, 0)) < 10);
});

test('nothing, what is faster and what is slower than any bucket', () => {
  const latencies = createLatencies();
  assert.equal(quantileMs(latencies, 0.5), null);
  assert.equal(encodeLatencies(latencies).length, 1);
  addLatency(latencies, 0);
  addLatency(latencies, 86_400_000);
  assert.ok(quantileMs(latencies, 0.25)! <= 1);
  assert.ok(quantileMs(latencies, 1)! > 50_000);
});

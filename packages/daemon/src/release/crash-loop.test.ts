import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashWindowMs, createRestartWatch } from './crash-loop.ts';

const minute = 60_000;

test('three restarts in five minutes are a loop, two are not', () => {
  const watch = createRestartWatch();
  watch.see('a', 0, 0);
  watch.see('a', 1, minute);
  watch.see('a', 2, 2 * minute);
  assert.equal(watch.judge('a', 2 * minute), 'unclear');
  watch.see('a', 3, 3 * minute);
  assert.equal(watch.judge('a', 3 * minute), 'loop');
});

test('an app that falls once an hour is in no loop', () => {
  const watch = createRestartWatch();
  for (let hour = 0; hour < 24; hour += 1) watch.see('a', hour, hour * 60 * minute);
  assert.equal(watch.judge('a', 23 * 60 * minute), 'unclear');
});

test('a loop is over when nothing fell for five minutes, and not before it was watched as long', () => {
  const watch = createRestartWatch();
  watch.see('a', 7, 0);
  assert.equal(watch.judge('a', 0), 'unclear');
  watch.see('a', 10, minute);
  assert.equal(watch.judge('a', minute), 'loop');
  watch.see('a', 10, crashWindowMs);
  assert.equal(watch.judge('a', crashWindowMs), 'loop');
  assert.equal(watch.judge('a', minute + crashWindowMs), 'steady');
});

test('a loop at the longest wait of the engine does not count as over', () => {
  const watch = createRestartWatch();
  watch.see('a', 0, 0);
  for (let count = 1; count < 60; count += 1) {
    watch.see('a', count, count * 65_000);
    if (count >= 3) assert.equal(watch.judge('a', count * 65_000), 'loop');
  }
});

test('containers that are gone are forgotten', () => {
  const watch = createRestartWatch();
  watch.see('a', 0, 0);
  watch.keepOnly(new Set());
  assert.equal(watch.judge('a', crashWindowMs * 2), 'unclear');
});

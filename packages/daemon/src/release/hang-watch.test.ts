import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHangWatch, hangCount, hangWindowMs, hungAfterMs } from './hang-watch.ts';

const process = 'shop/production/web';
const silent = { process, answers: false, hasOthers: true };

test('a container is started anew when it was silent long enough, and others answer', () => {
  const watch = createHangWatch();
  assert.equal(watch.see('a', { ...silent, now: 0 }), false);
  assert.equal(watch.see('a', { ...silent, now: hungAfterMs - 1 }), false);
  assert.equal(watch.see('a', { ...silent, hasOthers: false, now: hungAfterMs }), false, 'the only one is left alone');
  assert.equal(watch.see('a', { ...silent, now: hungAfterMs + 1 }), true);
  assert.equal(watch.see('a', { ...silent, now: hungAfterMs + 2 }), false, 'once');
});

test('one answer begins the time anew, and so does another container', () => {
  const watch = createHangWatch();
  watch.see('a', { ...silent, now: 0 });
  watch.see('a', { ...silent, answers: true, now: 10 });
  assert.equal(watch.see('a', { ...silent, now: hungAfterMs }), false);
  watch.see('b', { ...silent, now: 0 });
  watch.keepOnly(new Set(['a']));
  assert.equal(watch.see('b', { ...silent, now: hungAfterMs }), false);
});

test('a process that hangs again and again is left alone for a time', () => {
  const watch = createHangWatch();
  const restarts = (from: number) => Array.from({ length: hangCount + 2 }, (_, index) => {
    watch.see(`${from}-${index}`, { ...silent, now: from });
    return watch.see(`${from}-${index}`, { ...silent, now: from + hungAfterMs });
  }).filter((restart) => restart).length;
  assert.equal(restarts(0), hangCount);
  assert.equal(restarts(hungAfterMs + 1), 0);
  assert.equal(restarts(hangWindowMs + hungAfterMs), hangCount);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkline } from './sparkline.ts';

test('marks go from nothing to the most, with gaps', () => {
  assert.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 8), '▁▂▃▄▅▆▇██');
  assert.equal(sparkline([null, 0, null, 20, -1], 10), ' ▁ █▁');
  assert.equal(sparkline([0, 0], 0), '▁▁');
});

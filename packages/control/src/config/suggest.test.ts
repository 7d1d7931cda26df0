import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggest } from './suggest.ts';

const words = ['environments', 'pipeline', 'run', 'timeZone', 'branch', 'key'];

test('a near word is suggested', () => {
  assert.equal(suggest('enviroments', words), 'environments');
  assert.equal(suggest('Pipe-Line', words), 'pipeline');
  assert.equal(suggest('rnu', words), 'run');
  assert.equal(suggest('time_zone', words), 'timeZone');
});

test('a far word is not', () => {
  assert.equal(suggest('web', words), undefined);
  assert.equal(suggest('x', words), undefined);
  assert.equal(suggest('', words), undefined);
});

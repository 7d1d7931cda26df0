import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greeting } from '../greeting.js';

test('the greeting is a short sentence', () => {
  assert.match(greeting, /^[A-Z].{1,60}$/);
});

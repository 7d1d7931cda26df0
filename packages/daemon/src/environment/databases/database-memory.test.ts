import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseMemoryBytes } from './database-memory.ts';

const gibibyte = 1024 ** 3;

test('a database may take a quarter of the server, never too little to start and never all of a large one', () => {
  assert.equal(databaseMemoryBytes(4 * gibibyte), gibibyte);
  assert.equal(databaseMemoryBytes(0.5 * gibibyte), 0.25 * gibibyte);
  assert.equal(databaseMemoryBytes(256 * gibibyte), 8 * gibibyte);
  assert.ok(databaseMemoryBytes() >= 0.25 * gibibyte);
});

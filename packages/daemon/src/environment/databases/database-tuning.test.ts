import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseTuning, defaultConnections } from './database-tuning.ts';

const gibibyte = 1024 ** 3;

test('connections follow the memory within bounds, and what is asked for counts', () => {
  assert.deepEqual([0.25, 1, 2, 8].map((size) => defaultConnections(size * gibibyte)), [50, 51, 102, 300]);
  assert.deepEqual(databaseTuning('postgres', { memoryBytes: 2 * gibibyte, connections: 200 }), [
    '-c', 'max_connections=200', '-c', 'shared_buffers=512MB', '-c', 'effective_cache_size=1536MB', '-c', 'maintenance_work_mem=128MB', '-c', 'work_mem=2MB',
  ]);
  assert.deepEqual(databaseTuning('mariadb', { memoryBytes: gibibyte, connections: 5 }), ['--max-connections=5', '--innodb-buffer-pool-size=512M']);
  assert.deepEqual(databaseTuning('redis', { memoryBytes: gibibyte, connections: 1000 }), ['--maxclients', '1000', '--maxmemory', '768mb', '--maxmemory-policy', 'noeviction']);
});

test('what the settings may take together stays below the memory', () => {
  for (const memoryBytes of [0.25, 0.5, 1, 4, 8].map((size) => size * gibibyte)) {
    for (const connections of [undefined, 5, 50]) {
      const text = databaseTuning('postgres', { memoryBytes, connections }).join(' ');
      const megabytes = (name: string) => Number(new RegExp(` ${name}=(\\d+)MB`).exec(text)![1]);
      const count = Number(/max_connections=(\d+)/.exec(text)![1]);
      assert.ok((megabytes('shared_buffers') + count * megabytes('work_mem')) * 1024 ** 2 <= memoryBytes * 0.75, text);
    }
  }
});

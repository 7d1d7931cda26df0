import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outdated } from './remove-outdated.ts';

const dayMs = 24 * 3_600_000;
const image = (id: string, name: string, createdAtSeconds: number) => ({ id, tags: [], labels: { 'redcontrol.name': name }, sizeBytes: 1, createdAtSeconds });

test('only what was replaced for a day goes', () => {
  const images = [image('old', 'node-22', 1000), image('new', 'node-22', 2000), image('alone', 'python-3.11', 10)];
  assert.deepEqual(outdated(images, 2000 * 1000 + dayMs + 1).map((each) => each.id), ['old']);
  assert.deepEqual(outdated(images, 2000 * 1000 + dayMs - 1), []);
});

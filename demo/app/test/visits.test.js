import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openDatabase } from '../database.js';
import { countVisit } from '../visits.js';

const database = openDatabase();
after(() => database.end());

test('each visit counts once', async () => {
  const first = await countVisit(database);
  assert.equal(await countVisit(database), first + 1);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDatabase, getDatabase, openStore, retireDatabase, reviveDatabase, type StoredDatabase } from './index.ts';

const seventeen: StoredDatabase = { project: 'shop', environment: 'production', role: 'database', engine: 'postgres', version: '17', volume: 'v17', password: new Uint8Array([1]) };

test('a database that is no longer named makes room for another version and is found again with its own', () => {
  const store = openStore(':memory:');
  addDatabase(store, { ...seventeen, version: '15', volume: 'v15' }, 1);
  retireDatabase(store, getDatabase(store, 'shop', 'production', 'database')!);
  assert.equal(getDatabase(store, 'shop', 'production', 'database'), undefined);
  assert.equal(reviveDatabase(store, seventeen), undefined);
  addDatabase(store, seventeen, 2);
  retireDatabase(store, seventeen);
  assert.equal(reviveDatabase(store, { ...seventeen, version: '15' })?.volume, 'v15');
});

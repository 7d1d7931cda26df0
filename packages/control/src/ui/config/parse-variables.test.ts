import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseVariables } from './parse-variables.ts';

test('a .env file is taken apart, with a guess at what is secret', () => {
  const found = parseVariables('# comment\nDEBUG=0\nexport SECRET_KEY="a b#c"\nDATABASE_URL=postgres://shop:pw@db/shop\nPUBLIC_URL=https://shop.example.com\nBAD-NAME=1\n');
  assert.deepEqual(found, [
    { name: 'DEBUG', value: '0', secret: false },
    { name: 'SECRET_KEY', value: 'a b#c', secret: true },
    { name: 'DATABASE_URL', value: 'postgres://shop:pw@db/shop', secret: true },
    { name: 'PUBLIC_URL', value: 'https://shop.example.com', secret: false },
  ]);
});

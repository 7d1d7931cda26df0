import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServerLinks } from './server-links.ts';

test('a server that is asked for after the end is not followed', async () => {
  let connections = 0;
  const links = createServerLinks({ connect: () => Promise.reject(new Error(`connection ${(connections += 1)}`)), notify: () => {} });
  await links.close();
  links.follow([{ address: { host: '127.0.0.1', port: 22, user: 'root' }, names: ['main'] }]);
  assert.deepEqual([links.list(), connections], [[], 0]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitHostOf } from './git-host.ts';

test('host and repository are read from every form of a git URL', () => {
  const shop = { host: 'git.example.com', scheme: 'https', repository: 'acme/shop' };
  for (const url of ['git@git.example.com:acme/shop.git', 'https://git.example.com/acme/shop', 'https://user:word@git.example.com/acme/shop.git/', 'ssh://git@git.example.com:2222/acme/shop.git', 'git+ssh://git@Git.Example.com/acme/shop']) {
    assert.deepEqual(gitHostOf(url), shop, url);
  }
  assert.deepEqual(gitHostOf('http://127.0.0.1:3000/a/b/c.git'), { host: '127.0.0.1:3000', scheme: 'http', repository: 'a/b/c' });
  for (const url of ['file:///srv/shop.git', 'git@host:shop.git', 'https://git.example.com/shop.git']) assert.equal(gitHostOf(url), undefined, url);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameRepository } from './same-repository.ts';

test('one repository by any transport is the same', () => {
  for (const other of ['https://github.com/acme/shop', 'ssh://git@github.com:22/acme/shop.git', 'git@GitHub.com:acme/shop.git', 'https://user:word@github.com/acme/shop/']) {
    assert.equal(sameRepository('git@github.com:acme/shop.git', other), true, other);
  }
  assert.equal(sameRepository('/srv/git/shop.git', 'file:///srv/git/shop'), true);
});

test('another name, another host or nothing is not', () => {
  for (const other of ['https://github.com/acme/shop2', 'https://gitlab.com/acme/shop', 'https://github.com/shop', '', 'shop']) {
    assert.equal(sameRepository('git@github.com:acme/shop.git', other), false, other);
  }
  assert.equal(sameRepository('', ''), false);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutRedwatch, withRedwatch } from './hook-text.ts';

const command = ['/usr/bin/node', "/home/anna's/redwatch.mjs"];

test('it stands in front of what a hook does, once, and goes without a trace', () => {
  const own = '#!/usr/bin/env bash\nexec npm test\n';
  const once = withRedwatch(own, command)!;
  assert.equal(withRedwatch(once, command), once);
  assert.ok(once.startsWith('#!/usr/bin/env bash\n# >>> redwatch') && once.endsWith('# <<< redwatch\nexec npm test\n'), once);
  assert.equal(withoutRedwatch(once), own);
});

test('a hook of its own vanishes as a whole', () => {
  assert.equal(withoutRedwatch(withRedwatch(undefined, command)!), '');
});

test('a hook in another language is left alone', () => {
  assert.equal(withRedwatch('#!/usr/bin/env python3\nprint()\n', command), undefined);
});

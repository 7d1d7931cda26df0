import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { asRedControlError, errorCodes, isErrorCode, RedControlError } from './errors.ts';

const documents = {
  'docs/errors.md': ['Exit code:', 'Meaning', 'Cause', 'What to do'],
  'docs/ru/errors.md': ['Код выхода:', 'Что значит', 'Причина', 'Что делать'],
} as const;

for (const [path, [exitCode, ...parts]] of Object.entries(documents)) {
  test(`${path} explains every code, with its exit code, and no other`, async () => {
    const text = await readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');
    const sections = text.split(/^## /m).slice(1).map((section) => ({ code: section.split('\n', 1)[0]!, body: section }));
    assert.deepEqual(sections.map(({ code }) => code), Object.keys(errorCodes), 'the same codes in the same order');
    for (const { code, body } of sections) {
      assert.ok(body.includes(`\n${exitCode} ${errorCodes[code as keyof typeof errorCodes]}\n`), `${code}: its exit code`);
      for (const part of parts) assert.match(body, new RegExp(`^- \\*\\*${part}:\\*\\* \\S.{10,}[.!]$`, 'm'), `${code}: ${part}`);
    }
  });
}

test('an unknown thrown value becomes INTERNAL, a known one stays', () => {
  const known = new RedControlError('DISK_FULL', 'Expected room, got none', { hint: 'Free some.' });
  assert.equal(asRedControlError(known), known);
  assert.deepEqual(JSON.parse(JSON.stringify(known)), { code: 'DISK_FULL', message: 'Expected room, got none', hint: 'Free some.' });
  const unknown = asRedControlError(new TypeError('x is not a function'));
  assert.equal(unknown.code, 'INTERNAL');
  assert.equal(unknown.message, 'x is not a function');
  assert.equal(asRedControlError('text').message, 'text');
});

test('only own names are codes', () => {
  assert.ok(isErrorCode('DISK_FULL'));
  for (const other of ['toString', '__proto__', 'constructor', '', 'disk_full']) assert.equal(isErrorCode(other), false, other);
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { matchesPattern } from './matches-pattern.ts';

test('* stays within one part, ** goes over parts, all else stands for itself', () => {
  const fits: [string, string][] = [
    ['main', 'main'], ['v*', 'v1.4.0'], ['v*', 'v'], ['release/*', 'release/1.10'], ['feature/**', 'feature/a/b'], ['**', 'any/thing.at-all'],
    ['**/hotfix', 'a/b/hotfix'], ['a*c*e', 'abcde'], ['*/x-*', 'y/x-1'], ['*', '.hidden'], ['v*.*.*', 'v1.2.3-rc.1'], ['a+(b)', 'a+(b)'], ['a.c', 'a.c'], ['{a,b}', '{a,b}'], ['!main', '!main'], ['ветка-*', 'ветка-1'],
  ];
  const misses: [string, string][] = [
    ['main', 'main2'], ['main', 'amain'], ['Main', 'main'], ['v*', 'release/v1'], ['release/*', 'release/a/b'], ['release/*', 'release'], ['feature/**', 'feature'],
    ['*', 'a/b'], ['a.c', 'abc'], ['{a,b}', 'a'], ['!main', 'dev'], ['[ab]', 'a'], ['a?', 'ab'], ['', 'main'], ['v*', ''],
  ];
  for (const [pattern, name] of fits) assert.equal(matchesPattern(pattern, name), true, `${pattern} fits ${name}`);
  for (const [pattern, name] of misses) assert.equal(matchesPattern(pattern, name), false, `${pattern} does not fit ${name}`);
});

test('agrees with a regular expression on everything short', () => {
  const all = (letters: string[], length: number): string[] => (length === 0 ? [''] : all(letters, length - 1).flatMap((text) => [text, ...letters.map((letter) => text + letter)]));
  const names = [...new Set(all(['a', 'b', '/'], 5))];
  const patterns = [...new Set(all(['a', '/', '*', '**'], 5))];
  for (const pattern of patterns) {
    const regex = new RegExp(`^${pattern.replaceAll(/\*{2,}/g, '\0').replaceAll('*', '[^/]*').replaceAll('\0', '.*')}$`);
    for (const name of names) assert.equal(matchesPattern(pattern, name), regex.test(name), `${pattern} ${name}`);
  }
});

test('a pattern and a name made to be slow are not', () => {
  const name = 'a'.repeat(200);
  assert.equal(matchesPattern(`${'*a'.repeat(99)}*b`, name), false);
  assert.equal(matchesPattern(`${'**a'.repeat(66)}**b`, name), false);
  assert.equal(matchesPattern(`${'**/a/'.repeat(40)}b`, 'a/'.repeat(100)), false);
});

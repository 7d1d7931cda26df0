import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWholeDump, parseRows, rowDifferences } from './data-tools.ts';

test('counts of before and after are put together, other lines left out', () => {
  assert.deepEqual(parseRows('pg_dump: warning\nrows\tpublic.b\t2\t2\nrows\tpublic.a\t1\t1\nrows\tpublic.b\t5\t5\nrows\tx\tmany\t1\ndump complete\n'), [
    { table: 'public.a', least: 1, most: 1 }, { table: 'public.b', least: 2, most: 5 },
  ]);
  assert.deepEqual(parseRows(''), []);
});

test('a table that is missing, too short, too long or unknown is named', () => {
  const expected = [{ table: 'a', least: 3, most: 3 }, { table: 'b', least: 2, most: 5 }, { table: 'db0', least: 0, most: 4 }];
  assert.deepEqual(rowDifferences(expected, [{ table: 'a', least: 3, most: 3 }, { table: 'b', least: 4, most: 4 }]), []);
  assert.deepEqual(rowDifferences(expected, [{ table: 'a', least: 2, most: 2 }, { table: 'c', least: 1, most: 1 }, { table: 'b', least: 6, most: 6 }]), [
    'a: expected 3 rows, got 2', 'b: expected 2 to 5 rows, got 6', 'c was not in the backup\'s list',
  ]);
  assert.deepEqual(rowDifferences([{ table: 'a', least: 1, most: 1 }], []), ['a is missing']);
});

test('a dump is whole by its exit code and by its last word together', () => {
  const said = 'rows\tpublic.a\t1\t1\ndump complete\n';
  assert.deepEqual([isWholeDump({ exitCode: 0, errorText: said }), isWholeDump({ exitCode: 1, errorText: said }), isWholeDump({ exitCode: 0, errorText: 'the dump complete is not\n' }), isWholeDump({ exitCode: 0, errorText: '' })], [true, false, false, false]);
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorCodes } from '@redcontrol/contract';

for (const file of ['docs/exit-codes.md', 'docs/ru/exit-codes.md']) test(`${file} lists every error code with its exit code, and no others`, async () => {
  const text = await readFile(join(import.meta.dirname, '../../../..', file), 'utf8');
  const documented: Record<string, number> = {};
  for (const [, exitCode, codes = ''] of text.matchAll(/^\| (\d+) \|[^|]*\|([^|]*)\|$/gm)) {
    for (const [, code = ''] of codes.matchAll(/`([A-Z_]+)`/g)) documented[code] = Number(exitCode);
  }
  assert.deepEqual(Object.entries(documented).sort(), Object.entries(errorCodes).sort());
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RedControlError } from '@redcontrol/contract';
import { runAlone } from './run-alone.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redwatch-alone-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('the second is refused until the first has ended', async () => {
  const path = join(folder, 'state', 'running.sock');
  const first = await runAlone(path);
  await assert.rejects(runAlone(path), (error) => error instanceof RedControlError && error.code === 'CONFLICT');
  await first.end();
  await (await runAlone(path)).end();
});

test('what one left that was killed is no hindrance', async () => {
  const path = join(folder, 'running.sock');
  await writeFile(path, '');
  await (await runAlone(path)).end();
});

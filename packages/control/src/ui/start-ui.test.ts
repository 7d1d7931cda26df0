import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startUi } from './start-ui.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-start-ui-'));
  await mkdir(join(folder, 'page'));
  await writeFile(join(folder, 'page', 'index.html'), 'page');
});
after(() => rm(folder, { recursive: true }));

test('it ends by itself when no page comes', { timeout: 10_000 }, async () => {
  const ui = await startUi({ folder: join(folder, 'settings'), pageFolder: join(folder, 'page'), exitWithoutPageMs: 50 });
  await ui.closed;
  await assert.rejects(fetch(new URL(ui.url).origin));
});

test('a page that was not built is said at once', async () => {
  await assert.rejects(startUi({ folder: join(folder, 'settings'), pageFolder: join(folder, 'nothing') }), { code: 'NOT_FOUND' });
});

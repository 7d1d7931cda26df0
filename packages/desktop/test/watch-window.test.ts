import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startContractServer, type ContractServer } from './contract-server.ts';
import { middleColour } from './middle-colour.ts';
import { buildWindow, gone, missingForWindow, startWindow } from './native-window.ts';
import { sampleProjects, sampleRun } from './sample-data.ts';

const missing = await missingForWindow();
const skip = missing === undefined ? false : `the native window cannot be driven: ${missing}`;
const display = 90 + (process.pid % 400);
const port = 20_000 + (process.pid % 20_000);
const redwatch = join(import.meta.dirname, '..', '..', 'redwatch', 'src', 'main.ts');
/** The tray's colours (shell/src/tray.rs). */
const green = [0x2b, 0xa2, 0x5b];
const red = [0xd6, 0x29, 0x3e];
let folder = '';
let daemon: ContractServer;
let last: 'succeeded' | 'failed' = 'succeeded';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redwatch-window-'));
  if (skip) return;
  await buildWindow();
  const socket = join(folder, 'daemon.sock');
  daemon = await startContractServer(socket, {
    'project.list': () => [{ ...sampleProjects(Date.now())[0]!, environments: [] }],
    'run.list': () => [{ ...sampleRun(3, Date.now()), status: last, message: 'Round <b>prices</b>' }, { ...sampleRun(2, Date.now() - 60_000), status: 'succeeded' }],
  });
  await mkdir(join(folder, 'config', 'redwatch'), { recursive: true });
  await writeFile(join(folder, 'config', 'redwatch', 'settings.json'), JSON.stringify({ servers: [{ name: 'main', host: 'localhost', user: 'redcontrol', port: 22, socket }] }));
});
after(async () => {
  await daemon?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('redwatch\'s tray has the colour of the last runs, and its window their logs', { skip, timeout: 180_000 }, async () => {
  const window = await startWindow(folder, { display, port, args: ['--watch'], variables: { REDCONTROL_PROGRAM: redwatch, LC_ALL: 'C.UTF-8' } });
  try {
    const first = await window.tray.until(({ entries }) => entries.some(({ label }) => label.startsWith('✓ shop')));
    assert.deepEqual([first.entries[0]?.label, first.entries.at(-1)?.label], ['Open redwatch', 'Quit']);
    assert.deepEqual(await middleColour(first.icon), green);

    last = 'failed';
    daemon.notify('event', { seq: 42, at: Date.now(), kind: 'run.failed', project: 'shop', environment: null, runId: 3, text: 'failed', data: {} });
    const failed = await window.tray.until(({ entries }) => entries.some(({ label }) => label.startsWith('✗ shop')));
    assert.deepEqual(await middleColour(failed.icon), red);

    await window.tray.choose(failed.entries.find(({ label }) => label.startsWith('✗ shop'))!);
    await window.until('return location.pathname.endsWith("/runs/main/3")');
    await window.until('return document.querySelector("nav") !== null');
    assert.equal(await window.evaluate('return document.querySelectorAll("b, script").length'), 0, 'text of a repository makes no elements');
    await window.evaluate('document.querySelector("p a").click()');
    await window.until('return document.querySelectorAll("li").length === 2');
    assert.match(await window.evaluate<string>('return document.querySelector("li").textContent'), /Round <b>prices<\/b>/);

    const { window: pid, control } = await window.processes();
    assert.ok(control !== undefined, 'redwatch is the window\'s child');
    await window.tray.choose(failed.entries.at(-1)!);
    for (const one of [control, pid]) await gone(one);
  } finally {
    await window.close();
  }
});

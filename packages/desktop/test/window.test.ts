import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { EnvironmentState } from '@redcontrol/contract';
import { runToEnd, spawnProcess } from '@redcontrol/system';
import { buildPage } from './build-page.ts';
import { startContractServer } from './contract-server.ts';
import { middleColour } from './middle-colour.ts';
import { sampleProjects } from './sample-data.ts';
import { buildWindow, gone, missingForWindow, startWindow, windowBinary } from './native-window.ts';

const missing = await missingForWindow();
const skip = missing === undefined ? false : `the native window cannot be driven: ${missing}`;
const display = 90 + (process.pid % 400);
const port = 20_000 + (process.pid % 20_000);
/** The tray's colours (shell/src/tray.rs). */
const green = [0x2b, 0xa2, 0x5b];
const red = [0xd6, 0x29, 0x3e];
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-window-'));
  if (skip) return;
  await buildPage();
  await buildWindow();
});
after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

test('the window starts control, shows its page and the wizard, and ends it when it quits', { skip, timeout: 120_000 }, async () => {
  const window = await startWindow(join(folder, 'one'), { display, port });
  try {
    await window.until('return document.querySelector("h1")?.textContent === "Overview"');
    assert.equal(await window.evaluate('return location.hostname'), '127.0.0.1');
    assert.equal(await window.evaluate('return location.hash'), '', 'the token does not stay in the address');
    await window.evaluate('document.querySelector(\'a[href="/new"]\').click()');
    await window.until('return document.querySelector("h1")?.textContent === "New project"');
    await window.until('return [...document.querySelectorAll("label")].some((label) => label.textContent === "Address of the git repository")');
    const { window: pid, control } = await window.processes();
    assert.ok(control !== undefined, 'control is the window\'s child');
    process.kill(pid, 'SIGKILL');
    await gone(control);
  } finally {
    await window.close();
  }
});

test('the tray shows the worst state and each environment, brings the window back, leads to its page, and quits', { skip, timeout: 180_000 }, async () => {
  const place = join(folder, 'tray');
  const socket = join(folder, 'daemon.sock');
  let health: EnvironmentState['health'] = 'up';
  const projects = () => sampleProjects(Date.now()).map((project) => ({ ...project, environments: project.environments.map((environment) => ({ ...environment, health })) }));
  const daemon = await startContractServer(socket, { 'project.list': projects });
  const window = await startWindow(place, { display: display + 4, port: port + 4, args: ['--socket', socket] });
  try {
    const shown = await window.tray.until(({ entries }) => entries.some(({ label }) => label.startsWith('✓ shop / production')));
    assert.equal(shown.status, 'Active');
    assert.deepEqual([shown.entries[0]?.label, shown.entries.at(-1)?.label], ['Open RedControl', 'Quit']);
    assert.deepEqual(await middleColour(shown.icon), green);

    health = 'down';
    daemon.notify('event', { seq: 42, at: Date.now(), kind: 'environment.down', project: 'shop', environment: 'production', runId: null, text: 'shop does not answer', data: {} });
    const bad = await window.tray.until(({ entries }) => entries.some(({ label }) => label.startsWith('✗ shop / production')));
    assert.deepEqual(await middleColour(bad.icon), red);

    await window.tray.choose(bad.entries.find(({ label }) => label.startsWith('✗ shop / production'))!);
    await window.until('return location.pathname.endsWith("/shop/production")');

    const { window: pid, control } = await window.processes();
    await window.tray.choose(bad.entries.at(-1)!);
    await gone(control!);
    await gone(pid);
  } finally {
    await window.close();
    await daemon.close();
  }
});

test('a second start shows the window that is there', { skip, timeout: 120_000 }, async () => {
  const place = join(folder, 'two');
  const window = await startWindow(place, { display: display + 1, port: port + 1 });
  try {
    await window.until('return document.querySelector("h1")?.textContent === "Overview"');
    const { window: pid } = await window.processes();
    const { stdout } = await runToEnd('sh', ['-c', `tr '\\0' '\\n' < /proc/${pid}/environ | grep ^DBUS_SESSION_BUS_ADDRESS=`]);
    const bus = stdout.trim().slice('DBUS_SESSION_BUS_ADDRESS='.length);
    const second = spawnProcess(windowBinary, [], { variables: { DISPLAY: `:${display + 1}`, HOME: place, DBUS_SESSION_BUS_ADDRESS: bus, REDCONTROL_NODE: '/nonexistent' }, stdout: 'ignore', stderr: 'ignore' });
    const code = await new Promise((resolve) => second.once('close', resolve));
    assert.equal(code, 0);
    assert.equal((await window.processes()).window, pid);
  } finally {
    await window.close();
  }
});

test('when control dies the window says so readably, with what it last said', { skip, timeout: 120_000 }, async () => {
  const window = await startWindow(join(folder, 'three'), { display: display + 2, port: port + 2 });
  try {
    await window.until('return document.querySelector("h1")?.textContent === "Overview"');
    const { control } = await window.processes();
    process.kill(control!, 'SIGKILL');
    await window.until('return document.querySelector("h1")?.textContent === "RedControl stopped"');
    assert.match(await window.evaluate<string>('return document.querySelector("pre").textContent'), /ended: signal: 9/);
  } finally {
    await window.close();
  }
});

test('a program that is not there is said in the window, in the system\'s language', { skip, timeout: 120_000 }, async () => {
  const window = await startWindow(join(folder, 'four'), { display: display + 3, port: port + 3, variables: { REDCONTROL_NODE: '/nonexistent/node', LANG: 'ru_RU.UTF-8', LC_ALL: 'ru_RU.UTF-8' } });
  try {
    await window.until('return document.querySelector("h1")?.textContent === "RedControl остановился"');
    assert.match(await window.evaluate<string>('return document.querySelector("pre").textContent'), /\/nonexistent\/node/);
  } finally {
    await window.close();
  }
});

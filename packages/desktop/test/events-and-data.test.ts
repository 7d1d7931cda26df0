import assert from 'node:assert/strict';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { RedControlEvent } from '@redcontrol/contract';
import { startContractServer, type ContractServer } from './contract-server.ts';
import { openPage, startBrowser, startTestUi, tellPage, type TestUi } from './open-page.ts';
import { sampleEvents } from './sample-events.ts';

const server = '/servers/127.0.0.1%3A22';
const late: RedControlEvent[] = [];
let ui: TestUi;
let daemon: ContractServer;
let browser: Browser;
let page: Page;

before(async () => {
  browser = await startBrowser();
  ui = await startTestUi();
  daemon = await startContractServer(ui.socket, { 'events.list': () => [...sampleEvents(Date.now()), ...late] });
});
afterEach(async (context) => {
  await tellPage(context as TestContext, page);
  await page.context().close();
});
after(async () => {
  await browser.close();
  await daemon.close();
  await ui.close();
});

test('events are listed newest first, as they happen, with a way to where they happened', async () => {
  const opened = await openPage(browser, ui.ui, { path: '/events' });
  page = opened.page;
  await page.getByText('App answers again').waitFor();
  assert.equal(await page.getByText('Step finished').count(), 0, 'steps are seen in the run');
  await page.getByText('got <b>502</b>', { exact: false }).waitFor();
  late.push({ seq: 60, at: Date.now(), kind: 'process.crash-loop', project: 'shop', environment: 'production', runId: null, text: 'web ended 5 times', data: {} });
  daemon.notify('event', late[0]!);
  await page.getByText('web ended 5 times').waitFor();
  assert.match(await page.getByRole('row').nth(1).innerText(), /Process crashes again and again/);
  await page.getByText('Troubles only').click();
  await page.getByText('App answers again').waitFor({ state: 'detached' });
  await page.getByText('Run failed').waitFor();
  await page.getByRole('link', { name: 'run 994' }).first().click();
  await page.waitForURL(/runs\/994$/);
  assert.deepEqual(opened.errors, []);
});

test('a database is brought to a newer version after its environment was named, and data of before are removed', async () => {
  const opened = await openPage(browser, ui.ui, { path: `${server}/shop/production?part=backups` });
  page = opened.page;
  const part = page.getByRole('region', { name: 'Version of PostgreSQL 17' });
  await part.getByRole('combobox').or(part.getByRole('textbox')).first().click();
  assert.deepEqual(await page.getByRole('option').allInnerTexts(), ['18'], 'only newer ones');
  await page.getByRole('option', { name: '18' }).click();
  await part.getByRole('button', { name: 'Upgrade' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Until then the app may only read.').waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Upgrade' }).isDisabled(), true);
  await dialog.getByLabel('Type production to go on').fill('production');
  await dialog.getByRole('button', { name: 'Upgrade' }).click();
  await dialog.getByText('Version 18 instead of 17', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: /^Remove redcontrol-shop/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the data' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const asked = daemon.calls.filter(({ method }) => method === 'database.upgrade' || method === 'database.forget').map(({ params }) => params);
  assert.deepEqual(asked, [
    { project: 'shop', environment: 'production', role: 'database', to: '18' },
    { project: 'shop', environment: 'production', volume: 'redcontrol-shop--production-database-1' },
  ]);
  assert.deepEqual(opened.errors, []);
});

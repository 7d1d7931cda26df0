import assert from 'node:assert/strict';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startContractServer, type ContractServer } from './contract-server.ts';
import { sampleAlerts } from './sample-metrics.ts';
import { openPage, startBrowser, startTestUi, tellPage, type TestUi } from './open-page.ts';

const server = '/servers/127.0.0.1%3A22';
let ui: TestUi;
let daemon: ContractServer;
let browser: Browser;
let page: Page | undefined;

before(async () => {
  ui = await startTestUi();
  daemon = await startContractServer(ui.socket);
  browser = await startBrowser();
});
afterEach(async (context) => {
  await tellPage(context as TestContext, page);
  await page?.context().close();
  page = undefined;
});
after(async () => {
  await browser.close();
  await daemon.close();
  await ui.close();
});

/** Points of a chart that are not of its ground. */
async function inkOf(of: Page, chart: string): Promise<number> {
  const canvas = of.getByRole('figure', { name: chart }).locator('canvas');
  await canvas.waitFor();
  return canvas.evaluate((element) => {
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, (element as HTMLCanvasElement).width, (element as HTMLCanvasElement).height);
    return data.filter((value, index) => index % 4 === 3 && value > 0).length;
  });
}

test('an environment draws what it took and answered, says it in words, and goes further back when asked', async () => {
  const opened = await openPage(browser, ui.ui, { path: `${server}/shop/production?part=metrics` });
  page = opened.page;
  await page.getByText('128,000 requests, 1% errors; half answered within 22 ms, 95 % within 180 ms').waitFor();
  for (const chart of ['Requests', 'Errors (500 and above)', 'Time until an answer begins', 'CPU', 'Memory', 'Network', 'Volumes']) assert.ok((await inkOf(page, chart)) > 500, chart);
  await page.getByRole('figure', { name: 'Memory' }).getByText(/worker: now .* MB, most 294 MB/).waitFor();
  await page.getByText('30 days', { exact: true }).click();
  while (!daemon.calls.some(({ method, params }) => method === 'metrics.environment' && (params as { lastMs: number }).lastMs === 30 * 86_400_000)) await page.waitForTimeout(50);
  assert.deepEqual(opened.errors, []);
});

test('the server has charts of its own, also in Russian', async () => {
  const opened = await openPage(browser, ui.ui, { path: server, locale: 'ru-RU' });
  page = opened.page;
  await page.getByRole('heading', { name: 'Показатели' }).waitFor();
  assert.ok((await inkOf(page, 'Диск')) > 500);
  await page.getByRole('figure', { name: 'Процессор' }).getByText(/RedControl: сейчас .*%/).waitFor();
  assert.deepEqual(opened.errors, []);
});

test('the overview says what is wrong now, with a link, in both languages', async () => {
  const own = await startTestUi();
  const live = await startContractServer(own.socket, { 'alerts.list': () => sampleAlerts(Date.now()) });
  const opened = await openPage(browser, own.ui);
  page = opened.page;
  const alerts = page.getByRole('region', { name: 'What is wrong now' });
  await alerts.getByText('too many errors (12 %, the limit is 5 %)').waitFor();
  await alerts.getByText('worker ends again and again').waitFor();
  await alerts.getByText('the disk of /var/lib/redcontrol is nearly full (91 %, the limit is 90 %)').waitFor();
  await alerts.getByRole('link', { name: 'shop · production' }).first().click();
  await page.getByRole('heading', { name: 'production' }).waitFor();
  assert.deepEqual(opened.errors, []);
  const russian = await openPage(browser, own.ui, { locale: 'ru-RU' });
  await russian.page.getByRole('region', { name: 'Что сейчас не в порядке' }).getByText('слишком много ошибок (12 %, предел 5 %)').waitFor();
  await russian.page.context().close();
  await live.close();
  await own.close();
});

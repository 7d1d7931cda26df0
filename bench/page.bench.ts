import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sampleLog, startContractServer, type ContractServer } from '../packages/desktop/test/contract-server.ts';
import { openPage, startBrowser, startTestUi, type Browser, type Page, type TestUi } from '../packages/desktop/test/open-page.ts';
import { measure, measurePaired, summarize } from './measure.ts';
import { rowOf, type Bench, type BenchRow } from './row.ts';

const logBytes = 100 * 1024 * 1024;
const server = '/servers/127.0.0.1%3A22';
const scrollMs = 3_000;

/** The page as a person meets it, in Chromium, served by `redcontrol ui` over a daemon made from the contract. */
export const bench: Bench = {
  title: 'The desktop app\'s page',
  about: 'Chromium opens the page of a running `redcontrol ui` in a new profile: until the overview shows its projects, until a log of 100 MB shows lines, while a list of 1,000 runs is scrolled. Page weight is what the first page loads, compressed as it is sent.',
  async run() {
    const ui = await startTestUi();
    const daemon = await startContractServer(ui.socket);
    const browser = await startBrowser();
    try {
      const reachable = await openPage(browser, ui.ui);
      await reachable.page.getByText('Reachable').waitFor();
      await reachable.page.context().close();
      return [await coldStart(browser, ui), await weight(), await bigLog(browser, ui, daemon), await scrolling(browser, ui), ...(await idleMemory(browser, ui))];
    } finally {
      await browser.close();
      await daemon.close();
      await ui.close();
    }
  },
};

async function coldStart(browser: Browser, ui: TestUi): Promise<BenchRow> {
  const measured = await measure({ runs: 5, task: async () => {
    const startMs = performance.now();
    const { page } = await openPage(browser, ui.ui);
    await page.getByRole('article', { name: 'shop' }).getByText('v1.12.0').waitFor();
    const tookMs = performance.now() - startMs;
    await page.context().close();
    return tookMs;
  } });
  return rowOf({ name: 'opening the page until the overview shows its projects', unit: 'ms', measured, target: { atMost: 1500 } });
}

/** All that index.html names, which is what the browser fetches before the overview. */
async function weight(): Promise<BenchRow> {
  const dist = join(import.meta.dirname, '..', 'packages', 'desktop', 'dist');
  const index = await readFile(join(dist, 'index.html'), 'utf8');
  const names = (await readdir(join(dist, 'assets'))).filter((name) => index.includes(name));
  const files = await Promise.all(names.map((name) => readFile(join(dist, 'assets', name))));
  const bytes = [Buffer.from(index), ...files].reduce((sum, file) => sum + gzipSync(file).length, 0);
  return rowOf({ name: 'first load, compressed', unit: 'KB', measured: summarize([bytes / 1024]), target: { atMost: 350 } });
}

async function bigLog(browser: Browser, ui: TestUi, daemon: ContractServer): Promise<BenchRow> {
  const line = sampleLog(1);
  daemon.logs.set('1000/1', Buffer.alloc(logBytes, line));
  const measured = await measure({ runs: 5, task: async () => {
    const { page } = await openPage(browser, ui.ui, { path: `${server}/shop/runs/1000?step=0` });
    await page.locator('.log-text span').first().waitFor();
    const startMs = performance.now();
    await page.getByRole('button', { name: /^migrate/ }).click();
    await page.getByText('100 MB').waitFor();
    await page.locator('.log-text span').nth(20).waitFor();
    const tookMs = performance.now() - startMs;
    await page.context().close();
    return tookMs;
  } });
  return rowOf({ name: 'opening a log of 100 MB until its lines are shown', unit: 'ms', measured, target: { atMost: 1000 } });
}

/** The floor is the rate at which the browser draws the same page while nothing moves. */
async function scrolling(browser: Browser, ui: TestUi): Promise<BenchRow> {
  const { page } = await openPage(browser, ui.ui, { path: '/runs' });
  await page.getByText('#1000', { exact: false }).first().waitFor();
  const measured = await measurePaired({ warmup: 1, runs: 3, subject: () => framesPerSecond(page, true), floor: () => framesPerSecond(page, false) });
  await page.context().close();
  return rowOf({ name: 'frames while a list of 1,000 runs is scrolled', unit: 'frames/s', measured, target: { atLeast: 58, ratioAtLeast: 0.95 } });
}

/** Counts the frames that the browser draws, with the list going from top to bottom or standing still. */
function framesPerSecond(page: Page, moves: boolean): Promise<number> {
  return page.evaluate(`(async () => {
    const box = document.querySelector('.runs-box');
    const startMs = performance.now();
    for (let frames = 0; ; frames += 1) {
      const share = ((await new Promise(requestAnimationFrame)) - startMs) / ${scrollMs};
      if (share >= 1) return frames / (${scrollMs / 1000} * share);
      if (${moves}) box.scrollTop = share * (box.scrollHeight - box.clientHeight);
    }
  })()`);
}

async function idleMemory(browser: Browser, ui: TestUi): Promise<BenchRow[]> {
  const { page } = await openPage(browser, ui.ui);
  await page.getByRole('article', { name: 'shop' }).waitFor();
  await page.waitForTimeout(2000);
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await page.context().close();
  return [rowOf({ name: 'JavaScript memory of the idle page', unit: 'MB', measured: summarize([usedSize / 1024 ** 2]) })];
}

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { startContractServer, type ContractServer } from './contract-server.ts';
import { openPage, startBrowser, startTestUi, type TestUi } from './open-page.ts';
import { allPages } from './pages.ts';
import { settled } from './settled.ts';

let ui: TestUi;
let daemon: ContractServer;
let browser: Browser;
let axe = '';

before(async () => {
  ui = await startTestUi();
  daemon = await startContractServer(ui.socket);
  browser = await startBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
after(async () => {
  await browser.close();
  await daemon.close();
  await ui.close();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page is accessible, ${colorScheme}`, { timeout: 300_000 }, async () => {
    const { page, errors } = await openPage(browser, ui.ui, { colorScheme });
    await page.getByRole('heading', { level: 1 }).waitFor();
    const found: string[] = [];
    for (const { name, path } of allPages(ui.configPath)) {
      await page.goto(new URL(path, ui.ui.url).href);
      await settled(page);
      found.push(...(await violations(page)).map((violation) => `${name}: ${violation}`));
    }
    assert.deepEqual(found, []);
    assert.deepEqual(errors, []);
    await page.context().close();
  });
}

test('open dialogs and the command palette are accessible', { timeout: 120_000 }, async () => {
  const { page } = await openPage(browser, ui.ui);
  await page.getByRole('button', { name: 'Open a project' }).click();
  await page.getByRole('dialog').waitFor();
  await settled(page);
  const found = (await violations(page)).map((violation) => `open: ${violation}`);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Page, project, environment, run …').waitFor();
  await settled(page);
  found.push(...(await violations(page)).map((violation) => `palette: ${violation}`));
  assert.deepEqual(found, []);
  await page.context().close();
});

async function violations(page: Page): Promise<string[]> {
  // By the debugger, since the page's policy lets no other script in.
  await page.evaluate(axe);
  const results = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id} ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`.slice(0, 260)));
}

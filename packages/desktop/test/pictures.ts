import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startContractServer } from './contract-server.ts';
import { openPage, startBrowser, startTestUi, type Page } from './open-page.ts';
import { allPages } from './pages.ts';
import { settled } from './settled.ts';

/** The few pictures that README and docs show, in both languages: `npm run pictures -w packages/desktop`. */
const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'pictures');
const shown = ['overview', 'run-failed', 'releases'];
const size = { width: 1280, height: 800 };

const ui = await startTestUi();
const daemon = await startContractServer(ui.socket);
const browser = await startBrowser();
await mkdir(folder, { recursive: true });
for (const language of ['en', 'ru']) {
  const { page } = await openPage(browser, ui.ui, { locale: language === 'ru' ? 'ru-RU' : 'en-US', viewport: size, colorScheme: 'light' });
  for (const { name, path } of allPages(ui.configPath).filter((one) => shown.includes(one.name))) {
    await page.goto(new URL(path, ui.ui.url).href);
    await settled(page);
    await picture(page, `${name}-${language}`);
  }
  await page.goto(new URL(`/settings/environments?file=${encodeURIComponent(ui.configPath)}`, ui.ui.url).href);
  await settled(page);
  await picture(page, `settings-${language}`);
  await page.context().close();
}
await browser.close();
await daemon.close();
await ui.close();
process.stdout.write(`${folder}\n`);

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}

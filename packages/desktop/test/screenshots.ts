import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startContractServer } from './contract-server.ts';
import { openPage, startBrowser, startTestUi, type TestUi } from './open-page.ts';
import { allPages } from './pages.ts';
import { settled } from './settled.ts';

/** Pictures of every page in both languages and three widths: `npm run screenshots -w packages/desktop [-- NAME…]`. */
const views = [
  { name: 'small', width: 1024, height: 700, colorScheme: 'light' },
  { name: 'usual', width: 1440, height: 900, colorScheme: 'dark' },
  { name: 'wide', width: 2560, height: 1300, colorScheme: 'light' },
] as const;
const languages = ['en', 'ru'] as const;
const folder = join(import.meta.dirname, '..', '..', '..', '.work', 'pictures');
const names = process.argv.slice(2);

const ui = await startTestUi();
const daemon = await startContractServer(ui.socket);
const browser = await startBrowser();
await mkdir(folder, { recursive: true });
for (const language of languages) for (const view of views) await picture(browser, ui, { language, view });
await browser.close();
await daemon.close();
await ui.close();
process.stdout.write(`${folder}\n`);

async function picture(browser: Browser, { ui, configPath }: TestUi, { language, view }: { language: string; view: (typeof views)[number] }): Promise<void> {
  const { page, errors } = await openPage(browser, ui, { locale: language === 'ru' ? 'ru-RU' : 'en-US', viewport: view, colorScheme: view.colorScheme });
  for (const { name, path } of allPages(configPath).filter((one) => names.length === 0 || names.includes(one.name))) {
    await page.goto(new URL(path, ui.url).href);
    await settled(page);
    await page.screenshot({ path: join(folder, `${name}-${language}-${view.name}.png`), animations: 'disabled' });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) process.stdout.write(`${name} ${language} ${view.name}: ${overflow} px too wide\n`);
  }
  if (errors.length > 0) process.stdout.write(`${errors.join('\n')}\n`);
  await page.context().close();
}

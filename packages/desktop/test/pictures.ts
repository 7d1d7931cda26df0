import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from '@redcontrol/system';
import { startContractServer } from './contract-server.ts';
import { openPage, startBrowser, startTestUi, type Page } from './open-page.ts';
import { allPages } from './pages.ts';
import { settled } from './settled.ts';

/** The few pictures that README and docs show, in both languages: `npm run pictures -w packages/desktop`. */
const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'pictures');
const shown = { overview: 'overview', 'run-failed': 'run', releases: 'environment' } as const;
const size = { width: 1280, height: 800 };

const ui = await startTestUi();
const daemon = await startContractServer(ui.socket);
const browser = await startBrowser();
const repository = await makeRepository(join(ui.folder, 'shop.git'));
await mkdir(folder, { recursive: true });
for (const language of ['en', 'ru']) {
  const { page } = await openPage(browser, ui.ui, { locale: language === 'ru' ? 'ru-RU' : 'en-US', viewport: size, colorScheme: 'light' });
  for (const { name, path } of allPages(ui.configPath)) {
    if (!(name in shown)) continue;
    await page.goto(new URL(path, ui.ui.url).href);
    await picture(page, `${shown[name as keyof typeof shown]}-${language}`);
  }
  await page.goto(new URL('/new', ui.ui.url).href);
  await page.getByPlaceholder('git@github.com:you/shop.git').fill(repository);
  await page.getByText(/What you typed is kept|сохранено как черновик/).waitFor();
  await page.goto(new URL('/new/environments', ui.ui.url).href);
  await page.getByText('v1.4.0').first().waitFor();
  await picture(page, `wizard-${language}`);
  await page.context().close();
}
await browser.close();
await daemon.close();
await ui.close();
process.stdout.write(`${folder}\n`);

async function picture(page: Page, name: string): Promise<void> {
  await settled(page);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}

/** A repository with what the wizard's example tells of: a tag on main, and a branch for tests. */
async function makeRepository(tree: string): Promise<string> {
  await mkdir(tree);
  const git = (...args: string[]) => runOrThrow('git', ['-C', tree, '-c', 'user.name=Anna', '-c', 'user.email=anna@example.com', ...args]);
  await git('init', '-q', '-b', 'main');
  await writeFile(join(tree, 'manage.py'), 'import os\n');
  await writeFile(join(tree, 'requirements.txt'), 'django==5.2\n');
  await git('add', '.');
  await git('commit', '-qm', 'first');
  await git('tag', 'v1.4.0');
  await git('branch', 'develop');
  return `file://${tree}`;
}

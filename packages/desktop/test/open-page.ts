import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { connectSocket } from '../../client/src/connect-socket.ts';
import { buildPage } from './build-page.ts';
import { startUi, type RunningUi, type StartUiOptions } from '../../control/src/ui/start-ui.ts';

export type { Browser, Page };

export const sampleConfig = `# The shop's configuration
project: shop
repository: git@git.example.com:acme/shop.git
framework: django
servers:
  main: { host: 127.0.0.1, user: root } # rented in 2026
pipeline: [build, migrate, test]
environments:
  production:
    deploy: { branch: main, tag: "v*" }
    domain: shop.example.com
    variables: { DEBUG: "0" }
    secrets: [SECRET_KEY]
    database: { engine: postgres, version: 17 }
  test:
    deploy: { branch: develop } # every push
    domain: test.shop.example.com
    variables: { DEBUG: "1" }
    database: { engine: postgres, version: 17 }
`;

export interface TestUi {
  ui: RunningUi;
  folder: string;
  socket: string;
  configPath: string;
  close(): Promise<void>;
}

/** A real `redcontrol ui` with a folder of its own, whose servers are reached by a unix socket. */
export async function startTestUi(options: StartUiOptions & { config?: string | null } = {}): Promise<TestUi> {
  await buildPage();
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-ui-'));
  const socket = join(folder, 'daemon.sock');
  const project = join(folder, 'shop');
  const configPath = join(project, 'redcontrol.yml');
  const settings = join(folder, 'settings');
  await mkdir(settings, { recursive: true });
  if (options.config !== null) {
    await mkdir(project);
    await writeFile(configPath, options.config ?? sampleConfig);
    await writeFile(join(settings, 'projects.json'), JSON.stringify({ projects: [configPath] }));
  }
  const ui = await startUi({ folder: settings, connect: () => connectSocket(socket, { clientName: 'test' }), ...options });
  return {
    ui, folder, socket, configPath,
    async close() {
      await ui.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}

/** Opens the page as `redcontrol ui` does. What the page writes to the console as an error is collected. */
export async function openPage(browser: Browser, ui: RunningUi, options: BrowserContextOptions & { path?: string } = {}): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  const url = new URL(ui.newUrl());
  await page.goto(`${url.origin}${options.path ?? '/'}${url.hash}`);
  return { page, errors };
}

/** Waits until a field has this value. Throws after ten seconds, naming the value that it has. */
export async function hasValue(field: Locator, wanted: string): Promise<void> {
  const endMs = performance.now() + 10_000;
  for (;;) {
    const value = await field.inputValue();
    if (value === wanted) return;
    if (performance.now() > endMs) throw new Error(`Expected the value ${JSON.stringify(wanted)}, got ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What the page of a test that failed said, which tells more than what was waited for. */
export async function tellPage(context: TestContext, page: Page | undefined): Promise<void> {
  if (context.passed || !page || page.isClosed()) return;
  context.diagnostic(`the page at ${page.url()} says: ${await page.locator('body').innerText().catch(String)}`);
}

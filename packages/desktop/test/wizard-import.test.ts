import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { runOrThrow } from '@redcontrol/system';
import { startContractServer, type ContractServer } from './contract-server.ts';
import { openPage, startBrowser, startTestUi, type TestUi } from './open-page.ts';

let ui: TestUi;
let daemon: ContractServer;
let browser: Browser;

before(async () => {
  ui = await startTestUi({ config: null, servers: [{ host: '127.0.0.1', user: 'root', port: 22 }] });
  daemon = await startContractServer(ui.socket, { 'project.list': () => [] });
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  await daemon.close();
  await ui.close();
});

test('the wizard takes over what a repository\'s Compose file and Procfile say, and tells what it leaves', { timeout: 120_000 }, async () => {
  const { page, errors } = await openPage(browser, ui.ui, { path: '/new' });
  await page.getByRole('textbox', { name: 'Address of the git repository' }).fill(await makeRepository(join(ui.folder, 'shop')));
  await page.getByText('The repository is readable from this computer.').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  const offer = page.getByRole('region', { name: 'Files of other tools' });
  await offer.getByText('This repository has docker-compose.yml, Procfile.').waitFor();
  await offer.getByText(/lines? ha(s|ve) no counterpart/).click();
  await offer.getByText('privileged', { exact: false }).first().waitFor();
  await offer.getByRole('button', { name: 'Take it over' }).click();
  await offer.getByText('Taken over', { exact: false }).waitFor();
  await page.getByText('What you typed is kept').waitFor();
  await page.goto(new URL('/new/database', ui.ui.url).href);
  const production = page.getByRole('region', { name: 'Database of production' });
  const version = production.getByRole('combobox', { name: 'Version' }).or(production.getByRole('textbox', { name: 'Version' })).first();
  await version.waitFor();
  assert.equal(await version.inputValue(), '16');
  assert.deepEqual(errors, []);
});

async function makeRepository(tree: string): Promise<string> {
  await mkdir(tree);
  const git = (...args: string[]) => runOrThrow('git', ['-C', tree, '-c', 'user.name=Anna', '-c', 'user.email=anna@example.com', ...args]);
  await git('init', '-q', '-b', 'main');
  await writeFile(join(tree, 'Procfile'), 'web: gunicorn shop.wsgi\nworker: celery -A shop worker\n');
  await writeFile(join(tree, 'docker-compose.yml'), 'services:\n  web:\n    build: .\n    privileged: true\n  db:\n    image: postgres:16\n');
  await git('add', '.');
  await git('commit', '-qm', 'first');
  return `file://${tree}`;
}

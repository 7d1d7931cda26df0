import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { runOrThrow } from '@redcontrol/system';
import { startContractServer, type ContractServer } from './contract-server.ts';
import { hasValue, openPage, startBrowser, startTestUi, type TestUi } from './open-page.ts';

let ui: TestUi;
let daemon: ContractServer;
let browser: Browser;
let repository = '';

before(async () => {
  ui = await startTestUi({ config: null, servers: [{ host: '127.0.0.1', user: 'root', port: 22 }] });
  daemon = await startContractServer(ui.socket, { 'project.list': () => [] });
  browser = await startBrowser();
  repository = await makeRepository(ui.folder);
});
after(async () => {
  await browser.close();
  await daemon.close();
  await ui.close();
});

test('somebody who never saw a terminal brings a repository and a server to a plan and applies it', async () => {
  const { page, errors } = await openPage(browser, ui.ui);
  await page.getByRole('link', { name: 'New project' }).first().click();

  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Expected a git URL', { exact: false }).waitFor();
  await page.getByRole('textbox', { name: 'Address of the git repository' }).fill(`${repository}-wrong`);
  await page.getByText('The repository is out of reach').waitFor();
  await page.getByRole('button', { name: 'Ask the server' }).waitFor();
  await page.getByRole('textbox', { name: 'Address of the git repository' }).fill(repository);
  await page.getByText('The repository is readable from this computer.').waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'Name of the project' }).inputValue(), 'shop-app');
  await next(page, 'Framework');

  await page.getByText('manage.py', { exact: false }).first().waitFor();
  await next(page, 'Server');

  await next(page, 'Server');
  await page.getByText('Expected a host name or an IP address', { exact: false }).waitFor();
  await page.getByRole('textbox', { name: 'IP address or domain' }).fill('127.0.0.1');
  await next(page, 'Environments');

  await page.getByText('v1.4.0 on main would go to production').waitFor();
  await page.getByText('a push to develop would go to test').waitFor();
  await page.getByRole('region', { name: 'Environment production' }).getByRole('combobox', { name: 'Only tags' }).fill('w*');
  await page.getByText('nothing would go to production yet').waitFor();
  await page.getByRole('region', { name: 'Environment production' }).getByRole('combobox', { name: 'Only tags' }).fill('v*');
  await page.getByText('v1.4.0 on main would go to production').waitFor();
  await next(page, 'Variables and secrets');

  await page.getByPlaceholder('New variable').fill('SECRET_KEY');
  await page.getByRole('checkbox', { name: 'Secret' }).check();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  for (const environment of ['production', 'test']) {
    await page.getByLabel(`SECRET_KEY ${environment}`, { exact: true }).fill(`value of ${environment}`);
    await page.keyboard.press('Enter');
  }
  await next(page, 'Database');

  const database = page.getByRole('region', { name: 'Database of production' });
  await database.getByRole('combobox', { name: 'Engine' }).or(database.getByRole('textbox', { name: 'Engine' })).click();
  await page.getByRole('option', { name: 'PostgreSQL' }).click();
  await database.getByText('What this server can get.').waitFor();
  await next(page, 'People');

  const key = (await readFile(join(ui.folder, 'key.pub'), 'utf8')).trim();
  await page.getByRole('textbox', { name: 'Paste public keys, one a line' }).fill(key.replace('ssh-ed25519', 'ssh-rsa'));
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Expected a public SSH key', { exact: false }).waitFor();
  await page.getByRole('textbox', { name: 'Paste public keys, one a line' }).fill(key);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('SHA256:', { exact: false }).first().waitFor();
  await next(page, 'Stages');
  await page.getByText('migrate', { exact: false }).first().waitFor();
  await next(page, 'Isolation');
  await next(page, 'Plan');

  await page.getByText('tags v* on main').waitFor();
  await page.getByRole('button', { name: 'Write the configuration and plan' }).click();
  await page.getByText('Set up environment test on develop').waitFor();
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByRole('heading', { name: 'Applied', exact: true }).waitFor();

  const text = await readFile(join(ui.folder, 'settings', 'projects', 'shop-app', 'redcontrol.yml'), 'utf8');
  assert.ok(!text.includes('value of'), 'secrets are not in the file');
  assert.match(text, /engine: postgres/);
  const applied = daemon.calls.find(({ method }) => method === 'project.apply')?.params as { config: string };
  assert.equal(applied.config, text);
  const secrets = daemon.calls.filter(({ method }) => method === 'secret.set').map(({ params }) => (params as { value: string }).value);
  assert.deepEqual(secrets.sort(), ['value of production', 'value of test']);
  assert.deepEqual(errors, []);
});

test('a wizard that was left goes on where it was', async () => {
  const { page } = await openPage(browser, ui.ui, { path: '/new' });
  await page.getByRole('textbox', { name: 'Address of the git repository' }).fill('https://git.example.invalid/acme/later.git');
  await hasValue(page.getByRole('textbox', { name: 'Name of the project' }), 'later');
  await page.getByText('What you typed is kept.').waitFor();
  await page.reload();
  await hasValue(page.getByRole('textbox', { name: 'Name of the project' }), 'later');
  await page.getByRole('button', { name: 'Start over' }).click();
  await hasValue(page.getByRole('textbox', { name: 'Name of the project' }), '');
});

async function next(page: Page, heading: string): Promise<void> {
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('heading', { level: 2, name: heading }).waitFor();
}

async function makeRepository(folder: string): Promise<string> {
  const tree = join(folder, 'shop-app');
  await mkdir(tree);
  const git = (...args: string[]) => runOrThrow('git', ['-C', tree, '-c', 'user.name=Anna', '-c', 'user.email=anna@example.com', ...args]);
  await git('init', '-q', '-b', 'main');
  await writeFile(join(tree, 'manage.py'), 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n');
  await writeFile(join(tree, 'requirements.txt'), 'django==5.2\n');
  await git('add', '.');
  await git('commit', '-qm', 'first');
  await git('tag', 'v1.4.0');
  await git('branch', 'develop');
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'anna@laptop', '-f', join(folder, 'key')]);
  return `file://${tree}`;
}

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, test, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startContractServer, type ContractServer } from './contract-server.ts';
import { hasValue, openPage, sampleConfig, startBrowser, startTestUi, tellPage, type TestUi } from './open-page.ts';

let ui: TestUi;
let daemon: ContractServer;
let browser: Browser;
let page: Page;

before(async () => {
  browser = await startBrowser();
});
beforeEach(async () => {
  ui = await startTestUi();
  daemon = await startContractServer(ui.socket);
});
afterEach(async (context) => {
  await tellPage(context as TestContext, page);
  await page.context().close();
  await daemon.close();
  await ui.close();
});
after(() => browser.close());

async function open(section: string): Promise<string[]> {
  const opened = await openPage(browser, ui.ui, { path: `/settings/${section}?file=${encodeURIComponent(ui.configPath)}` });
  page = opened.page;
  return opened.errors;
}

test('an edit is saved into the file, whose comments stay', async () => {
  const errors = await open('environments');
  const production = page.getByRole('region', { name: 'Environment production' });
  await production.getByRole('combobox', { name: 'Branch' }).fill('release/*');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Not saved').waitFor({ state: 'detached' });
  const text = await readFile(ui.configPath, 'utf8');
  assert.match(text, /branch: release\/\*/);
  for (const comment of ['# The shop\'s configuration', '# rented in 2026', '# every push']) assert.ok(text.includes(comment), comment);
  assert.deepEqual(errors, []);
});

test('a field says what is wrong next to it, and the section is marked', async () => {
  await open('servers');
  const host = page.getByRole('textbox', { name: 'IP address or domain' });
  await host.fill('not a host!');
  await page.getByText('Expected a host name or an IP address, got "not a host!"').waitFor();
  assert.equal(await host.getAttribute('aria-invalid'), 'true');
  await page.getByRole('link', { name: /^Server.*1 problem/ }).waitFor();
  await host.fill('127.0.0.1');
  await page.getByText('Expected a host name', { exact: false }).waitFor({ state: 'detached' });
});

test('a change by hand appears at once', async () => {
  await open('environments');
  await page.getByRole('region', { name: 'Environment test' }).waitFor();
  await writeFile(ui.configPath, sampleConfig.replace('branch: develop }', 'branch: next }'));
  await hasValue(page.getByRole('region', { name: 'Environment test' }).getByRole('combobox', { name: 'Branch' }), 'next');
});

test('a change by hand under unsaved edits is a conflict, and both can be kept', async () => {
  await open('environments');
  await page.getByRole('region', { name: 'Environment production' }).getByRole('combobox', { name: 'Branch' }).fill('stable');
  await page.getByText('Not saved').waitFor();
  await writeFile(ui.configPath, sampleConfig.replace('# every push', '# by hand'));
  await page.getByText('The file was changed by somebody else meanwhile').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true);
  await page.getByRole('button', { name: 'Put my changes onto the new file' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Not saved').waitFor({ state: 'detached' });
  const text = await readFile(ui.configPath, 'utf8');
  assert.match(text, /branch: stable/);
  assert.match(text, /# by hand/);
});

test('what was typed survives a crash of the page', async () => {
  await open('repository');
  await page.getByRole('textbox', { name: 'Folder of the app' }).fill('backend');
  await page.getByText('What you typed is kept.').waitFor();
  await page.close({ runBeforeUnload: false });
  const again = await openPage(browser, ui.ui, { path: `/settings/repository?file=${encodeURIComponent(ui.configPath)}` });
  await again.page.getByText('Not saved').waitFor();
  assert.equal(await again.page.getByRole('textbox', { name: 'Folder of the app' }).inputValue(), 'backend');
  await again.page.getByRole('button', { name: 'Discard' }).click();
  await again.page.getByText('Not saved').waitFor({ state: 'detached' });
  await hasValue(again.page.getByRole('textbox', { name: 'Folder of the app' }), '');
  await again.page.context().close();
});

test('stages are moved by the keyboard', async () => {
  await open('stages');
  await page.getByRole('button', { name: 'Move Build check', exact: true }).focus();
  await page.keyboard.press('Space');
  await page.waitForTimeout(150);
  await page.keyboard.press('ArrowDown');
  await page.waitForTimeout(300);
  await page.keyboard.press('Space');
  await page.getByText('Not saved').waitFor();
  await page.getByRole('link', { name: 'File' }).click();
  await page.getByText('redcontrol.yml').first().waitFor();
  await hasValue(page.getByRole('textbox', { name: 'redcontrol.yml' }), sampleConfig.replace('[build, migrate, test]', '[migrate, build, test]'));
});

test('a .env file is taken apart; secrets are masked and never written into the file', async () => {
  await open('variables');
  await page.getByRole('button', { name: 'Paste a .env file' }).click();
  await page.getByRole('textbox', { name: 'Text of the .env file' }).fill('MAIL_HOST=mail.example.com\nAPI_TOKEN=very-secret-value\n');
  await page.getByRole('button', { name: 'Read' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('cell', { name: 'mail.example.com' }).waitFor();
  assert.equal(await dialog.getByText('very-secret-value').count(), 0);
  await dialog.getByRole('button', { name: 'Take over' }).click();
  await page.getByRole('row', { name: /API_TOKEN/ }).getByPlaceholder('sent when applied').first().waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Not saved').waitFor({ state: 'detached' });
  const text = await readFile(ui.configPath, 'utf8');
  assert.match(text, /MAIL_HOST: mail\.example\.com/);
  assert.match(text, /API_TOKEN/);
  assert.ok(!text.includes('very-secret-value'));
  await page.getByRole('link', { name: 'Plan and apply' }).click();
  await page.getByText('Set up environment test on develop').waitFor();
  await page.getByText('Requests to the old domain end.').waitFor();
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByRole('heading', { name: 'Applied', exact: true }).waitFor();
  const sent = daemon.calls.filter(({ method }) => method === 'secret.set').map(({ params }) => params);
  assert.deepEqual(sent, ['production', 'test'].map((environment) => ({ project: 'shop', environment, name: 'API_TOKEN', value: 'very-secret-value' })));
});

test('applying is cancelled and continued, also over a reload', async () => {
  await open('apply');
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByRole('heading', { name: 'Being applied' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Applied', exact: true }).waitFor();
});

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, test, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { ChannelState } from '@redcontrol/contract';
import { startContractServer, type ContractServer } from './contract-server.ts';
import { openPage, sampleConfig, startBrowser, startTestUi, tellPage, type TestUi } from './open-page.ts';
import { sampleProjects } from './sample-data.ts';

const team: ChannelState = { name: 'team', kind: 'telegram', target: '-100', secret: 'TEAM_TOKEN', state: 'failing', error: '401 Unauthorized', waiting: 1, lost: 0, sentAt: null, nextTryAt: null };
const channelsText = 'channels:\n  team: { kind: telegram, chat: "-100", secret: TEAM_TOKEN } # the team\'s chat\n';

let ui: TestUi;
let daemon: ContractServer;
let browser: Browser;
let page: Page;
let delivered = false;

before(async () => {
  browser = await startBrowser();
});
beforeEach(async () => {
  ui = await startTestUi();
  daemon = await startContractServer(ui.socket, {
    'project.show': () => ({ ...sampleProjects(Date.now()).find(({ name }) => name === 'shop')!, channels: [team] }),
    'channel.test': () => ({ delivered, answer: delivered ? '200 message 7' : '401 Unauthorized', milliseconds: 30 }),
  });
});
afterEach(async (context) => {
  await tellPage(context as TestContext, page);
  await page.context().close();
  await daemon.close();
  await ui.close();
});
after(() => browser.close());

async function open(text?: string): Promise<string[]> {
  if (text !== undefined) await writeFile(ui.configPath, text);
  const opened = await openPage(browser, ui.ui, { path: `/settings/channels?file=${encodeURIComponent(ui.configPath)}` });
  page = opened.page;
  return opened.errors;
}

test('a channel is added with its secret, whose value does not go into the file', async () => {
  const errors = await open();
  await page.getByText('No channels yet').waitFor();
  await page.getByRole('button', { name: 'Add a channel' }).click();
  const part = page.getByRole('region', { name: 'Channel team' });
  await part.getByRole('textbox', { name: 'Chat' }).fill('@team_chat');
  await part.getByLabel('The bot\'s token', { exact: true }).fill('123456:AA-token');
  await part.getByLabel('The bot\'s token', { exact: true }).press('Enter');
  await part.getByText('passed', { exact: true }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Not saved').waitFor({ state: 'detached' });
  const text = await readFile(ui.configPath, 'utf8');
  assert.match(text, /channels:\n {2}team:/);
  assert.match(text, /chat: "?@team_chat"?/);
  assert.match(text, /- passed|\[passed,/);
  assert.equal(text.includes('AA-token'), false);
  assert.deepEqual(errors, []);
});

test('the state of an applied channel is shown, and a test shows the other side\'s answer', async () => {
  await open(`${sampleConfig}${channelsText}`);
  const part = page.getByRole('region', { name: 'Channel team' });
  await part.getByText('Messages do not get through: 401 Unauthorized').waitFor();
  await part.getByRole('button', { name: 'Send a test' }).click();
  await part.getByText('It did not arrive: 401 Unauthorized').waitFor();
  delivered = true;
  await part.getByRole('button', { name: 'Send a test' }).click();
  await part.getByText('It arrived: 200 message 7').waitFor();
  assert.deepEqual(daemon.calls.filter(({ method }) => method === 'channel.test').map(({ params }) => params), Array(2).fill({ project: 'shop', channel: 'team' }));
});

test('another kind keeps what all kinds have, and what is wrong is told beside it', async () => {
  await open(`${sampleConfig}${channelsText}`);
  const part = page.getByRole('region', { name: 'Channel team' });
  await part.getByRole('combobox', { name: 'Kind' }).or(part.getByRole('textbox', { name: 'Kind' })).click();
  await page.getByRole('option', { name: 'Signed webhook' }).click();
  await part.getByRole('textbox', { name: 'URL' }).fill('https://user:word@hooks.example.com/');
  await part.getByText('without a name and password in it', { exact: false }).waitFor();
  await page.getByRole('link', { name: /^Channels.*1 problem/ }).waitFor();
  await part.getByRole('textbox', { name: 'URL' }).fill('https://hooks.example.com/');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Not saved').waitFor({ state: 'detached' });
  const text = await readFile(ui.configPath, 'utf8');
  assert.match(text, /kind: webhook/);
  assert.match(text, /secret: TEAM_TOKEN/);
  assert.equal(text.includes('chat:'), false);
});

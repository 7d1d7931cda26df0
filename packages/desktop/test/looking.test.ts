import assert from 'node:assert/strict';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startContractServer, type ContractServer } from './contract-server.ts';
import { openPage, startBrowser, startTestUi, tellPage, type TestUi } from './open-page.ts';
import { sampleOpenRun, sampleProjects, sampleRun } from './sample-data.ts';

const server = '/servers/127.0.0.1%3A22';
let ui: TestUi;
let daemon: ContractServer;
let browser: Browser;
let page: Page | undefined;
const hostile = '\u202e<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

before(async () => {
  ui = await startTestUi();
  daemon = await startContractServer(ui.socket);
  browser = await startBrowser();
});
afterEach(async (context) => {
  await tellPage(context as TestContext, page);
  await page?.context().close();
  page = undefined;
});
after(async () => {
  await browser.close();
  await daemon.close();
  await ui.close();
});

async function open(path: string, options: Parameters<typeof openPage>[2] = {}): Promise<{ page: Page; errors: string[] }> {
  const opened = await openPage(browser, ui.ui, { ...options, path });
  page = opened.page;
  return opened;
}

test('the overview shows projects, environments, versions and the server, without a word in the console', async () => {
  const { page, errors } = await open('/');
  await page.getByRole('heading', { name: 'main' }).waitFor();
  const shop = page.getByRole('article', { name: 'shop' });
  await shop.getByText('v1.12.0').waitFor();
  await shop.getByRole('link', { name: 'shop.example.com', exact: true }).waitFor();
  await shop.getByText('12 days left').waitFor();
  await page.getByText('Repository out of reach').waitFor();
  assert.equal(await shop.getByRole('link', { name: 'test.shop.example.com' }).getAttribute('rel'), 'noopener noreferrer');
  assert.deepEqual(errors, []);
});

test('what happens on the server appears without a reload', async () => {
  let queued = 1;
  const own = await startTestUi();
  const live = await startContractServer(own.socket, { 'project.list': () => sampleProjects(Date.now()).map((project) => (project.name === 'shop' ? { ...project, queuedRuns: queued } : project)) });
  const { page } = await openPage(browser, own.ui);
  await page.getByText('1 run waits').first().waitFor();
  queued = 7;
  live.notify('event', { seq: 42, at: Date.now(), kind: 'run.queued', project: 'shop', environment: null, runId: 1001, text: 'queued', data: {} });
  await page.getByText('7 runs wait').first().waitFor();
  await page.context().close();
  await live.close();
  await own.close();
});

test('a server out of reach is said within seconds, its data marked as old, and it comes back by itself', async () => {
  const own = await startTestUi();
  let live = await startContractServer(own.socket);
  const { page } = await openPage(browser, own.ui);
  await page.getByText('Reachable').waitFor();
  await live.close();
  await page.getByText('main is out of reach.').waitFor({ timeout: 8000 });
  await page.getByText('Out of reach. This was true').waitFor();
  await page.getByRole('article', { name: 'shop' }).waitFor();
  await page.reload();
  await page.getByRole('article', { name: 'shop' }).waitFor();
  live = await startContractServer(own.socket);
  await page.getByText('Reachable').waitFor({ timeout: 20_000 });
  await page.getByText('main is out of reach.').waitFor({ state: 'detached' });
  await page.context().close();
  await live.close();
  await own.close();
});

test('a run shows its steps, its failed tests and the log of the step that failed', async () => {
  const { page } = await open(`${server}/shop/runs/994`);
  await page.getByText('A step failed').waitFor();
  await page.getByRole('button', { name: /^test/ }).and(page.locator('[aria-current="step"]')).waitFor();
  await page.getByText('2 failed tests').waitFor();
  const apps = page.getByRole('region', { name: 'Apps' });
  assert.match(await apps.innerText(), /site\s+Left as it is\s+no file of it changed since 77777777\s+api\s+Tested and deployed\s+api\/cart\.py changed/);
  await page.getByText('test_total_with_tax', { exact: true }).click();
  await page.locator('.run-message').first().waitFor();
  await page.getByText('AssertionError: Decimal', { exact: false }).first().waitFor();
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.waitForURL(/runs\/1000$/);
  assert.ok(daemon.calls.some(({ method }) => method === 'run.retry'));
});

test('a log grows while it is followed, and stays where it is when it is not', async () => {
  const { page } = await open(`${server}/shop/runs/1000`);
  await page.getByText('test_case_399').waitFor();
  const before = daemon.logs.get('1000/2')!;
  daemon.logs.set('1000/2', Buffer.concat([before, Buffer.from('a new line\n')]));
  daemon.notify('log', { run: 1000, step: 2, totalBytes: before.length + 11, closed: false });
  await page.getByText('a new line').waitFor();
  await page.getByRole('region', { name: 'Log of test' }).press('Home');
  await page.getByText('test_case_0 ', { exact: false }).first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Follow the end' }).getAttribute('aria-pressed'), 'false');
  daemon.logs.set('1000/2', Buffer.concat([daemon.logs.get('1000/2')!, Buffer.from('another line\n')]));
  daemon.notify('log', { run: 1000, step: 2, totalBytes: before.length + 24, closed: false });
  await page.waitForTimeout(300);
  assert.equal(await page.getByText('another line').count(), 0);
  await page.getByRole('button', { name: 'Follow the end' }).click();
  await page.getByText('another line').waitFor();
});

test('the log is searched to its end, and the first error is found', async () => {
  const lines = Array.from({ length: 60_000 }, (_, index) => (index === 41_000 ? 'one needle here' : index === 52_000 ? '\u001b[31mTraceback\u001b[0m (most recent call last)' : `line ${index} of many`));
  daemon.logs.set('1000/0', Buffer.from(`${lines.join('\n')}\n`));
  const { page } = await open(`${server}/shop/runs/1000?step=0`);
  await page.getByText('line 59999 of many').or(page.getByText('line 0 of many')).first().waitFor();
  await page.getByRole('textbox', { name: 'Search the log' }).fill('needle');
  await page.getByText('1 match').waitFor();
  await page.getByRole('button', { name: 'Next match' }).click();
  await page.locator('[data-current] mark', { hasText: 'needle' }).waitFor();
  assert.equal(await page.locator('[data-current] .log-number').textContent(), '41001');
  await page.getByRole('textbox', { name: 'Search the log' }).fill('');
  await page.getByRole('button', { name: 'First error' }).click();
  await page.locator('[data-current]', { hasText: 'Traceback' }).waitFor();
  const rows = await page.locator('.log-row').count();
  assert.ok(rows < 80, `only what is in view is in the page, got ${rows} rows`);
});

test('hostile text of commits, branches, authors and logs is shown, and does nothing', async () => {
  const own = await startTestUi();
  const now = Date.now();
  const run = { ...sampleOpenRun(now), message: hostile, ref: hostile, author: hostile, authorEmail: hostile, failedTests: [{ suite: hostile, name: hostile, message: hostile }] };
  const live = await startContractServer(own.socket, { 'run.show': () => ({ ...run, steps: run.steps.map((step) => ({ ...step, name: 'test', logBytes: 200 })) }), 'run.list': () => [{ ...sampleRun(1000, now), message: hostile, ref: hostile, author: hostile }] });
  live.logs.set('1000/2', Buffer.from(`${hostile}\n\u001b]0;title\u0007\u001b[31m${hostile}\u001b[0m\n\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007\n`));
  const { page, errors } = await openPage(browser, own.ui, { path: `${server}/shop/runs/1000` });
  await page.locator('.log-row', { hasText: '<script>' }).first().waitFor();
  await page.getByRole('heading', { level: 1, name: '<img', exact: false }).waitFor();
  assert.ok(!(await page.locator('body').innerText()).includes('\u202e'), 'direction marks are made visible');
  await page.goto(new URL('/runs', page.url()).href);
  await page.getByText('<img', { exact: false }).first().waitFor();
  assert.equal(await page.evaluate(() => (globalThis as { hacked?: number }).hacked), undefined);
  assert.equal(await page.locator('img[src="x"], .log-text a').count(), 0);
  assert.deepEqual(errors, []);
  await page.context().close();
  await live.close();
  await own.close();
});

test('a thousand runs are listed with only those in view in the page', async () => {
  const { page } = await open('/runs');
  await page.getByText('#1000', { exact: false }).first().waitFor();
  assert.ok((await page.locator('.runs-row').count()) < 40);
  await page.getByRole('region', { name: 'Runs' }).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await page.locator('.runs-row[aria-posinset="1000"]').waitFor();
});

test('releases are compared and gone back to, with what it does to the data said first', async () => {
  const { page } = await open(`${server}/shop/production`);
  await page.getByRole('checkbox', { name: 'Choose release 12 to compare' }).check();
  await page.getByRole('checkbox', { name: 'Choose release 10 to compare' }).check();
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('dialog').getByText('Mail the receipt as PDF').waitFor();
  await page.getByRole('row', { name: 'DEBUG 1 0' }).waitFor();
  await page.getByRole('row', { name: 'MAIL_HOST – mail.example.com' }).waitFor();
  await page.getByRole('dialog').getByText('+     variables: { DEBUG: "0"', { exact: false }).waitFor();
  assert.deepEqual(daemon.calls.find(({ method }) => method === 'release.changes')?.params, { project: 'shop', environment: 'production', from: 10, to: 12 });
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Go back to release 11' }).click();
  await page.getByText('migrations are not taken back', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Go back to #11' }).click();
  await page.waitForURL(/runs\/1000$/);
  assert.deepEqual(daemon.calls.find(({ method }) => method === 'release.rollback')?.params, { project: 'shop', environment: 'production', release: 11 });
});

test('jobs are shown with their ends and logs, run, paused and resumed', async () => {
  const { page, errors } = await open(`${server}/shop/production?part=jobs`);
  await page.getByText('Failing').waitFor();
  await page.getByRole('button', { name: 'Run now: cleanup' }).click();
  await page.getByRole('button', { name: 'Pause cleanup' }).click();
  await page.getByRole('button', { name: 'Resume report' }).click();
  await page.getByRole('button', { name: 'History of cleanup' }).click();
  await page.getByRole('dialog').getByText('missed 2 times').waitFor();
  await page.getByRole('button', { name: 'Log of start 80 of cleanup' }).click();
  await page.getByText('OperationalError: no such table').waitFor();
  const asked = daemon.calls.filter(({ method }) => ['job.run', 'job.pause', 'job.resume'].includes(method)).map(({ method, params }) => [method, (params as { job: string }).job]);
  assert.deepEqual(asked, [['job.run', 'cleanup'], ['job.pause', 'cleanup'], ['job.resume', 'report']]);
  assert.deepEqual(errors, []);
});

test('deployments are paused and go on, with what that means said', async () => {
  const own = await startTestUi();
  let paused = false;
  const states = () => sampleProjects(Date.now()).map((project) => ({ ...project, environments: project.environments.map((environment) => ({ ...environment, paused: paused ? { at: Date.now(), by: 'Anna Petrova' } : null })) }));
  const live = await startContractServer(own.socket, {
    'environment.list': () => states()[0]!.environments,
    'environment.pause': () => { paused = true; return states()[0]!.environments[0]!; },
    'environment.resume': () => { paused = false; return states()[0]!.environments[0]!; },
  });
  const { page } = await openPage(browser, own.ui, { path: `${server}/shop/production` });
  await page.getByRole('button', { name: 'Pause deployments' }).click();
  await page.getByText('Pushes are tested and not deployed here.', { exact: false }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Deploy', exact: true }).count(), 0);
  await page.getByRole('button', { name: 'Resume deployments' }).click();
  await page.getByRole('button', { name: 'Deploy', exact: true }).waitFor();
  assert.deepEqual(live.calls.filter(({ method }) => /pause|resume/.test(method)).map(({ method, params }) => [method, params]), [['environment.pause', { project: 'shop', environment: 'production' }], ['environment.resume', { project: 'shop', environment: 'production' }]]);
  await page.context().close();
  await live.close();
  await own.close();
});

test('a maintenance page is shown with words and addresses, and ended', async () => {
  const own = await startTestUi();
  let maintenance: { at: number; by: string; message: string | null; letIn: string[] } | null = null;
  const states = () => sampleProjects(Date.now())[0]!.environments.map((environment) => ({ ...environment, maintenance }));
  const live = await startContractServer(own.socket, {
    'environment.list': states,
    'maintenance.start': ({ message = null, letIn = [] }) => { maintenance = { at: Date.now(), by: 'Anna Petrova', message, letIn }; return states()[0]!; },
    'maintenance.end': () => { maintenance = null; return states()[0]!; },
  });
  const { page } = await openPage(browser, own.ui, { path: `${server}/shop/production` });
  await page.getByRole('button', { name: 'Maintenance page' }).click();
  await page.getByLabel('What the page says').fill('Back at 18:00');
  await page.getByLabel('Addresses that see the app as ever').fill('192.0.2.1 203.0.113.0/24');
  await page.getByRole('button', { name: 'Show the page' }).click();
  await page.getByText('The app is shown to 192.0.2.1, 203.0.113.0/24.').waitFor();
  await page.getByText('Back at 18:00').waitFor();
  await page.getByRole('button', { name: 'End maintenance' }).click();
  await page.getByRole('button', { name: 'Maintenance page' }).waitFor();
  assert.deepEqual(live.calls.filter(({ method }) => method === 'maintenance.start').map(({ params }) => params), [{ project: 'shop', environment: 'production', message: 'Back at 18:00', letIn: ['192.0.2.1', '203.0.113.0/24'], letMeIn: false }]);
  await page.context().close();
  await live.close();
  await own.close();
});

test('processes are shown with their use, restarted, started and scaled', async () => {
  const { page, errors } = await open(`${server}/shop/production?part=processes`);
  await page.getByText('Crash loop').waitFor();
  await page.getByText('130 MB of 512 MB').first().waitFor();
  await page.getByRole('button', { name: 'Restart web', exact: true }).click();
  await page.getByRole('button', { name: 'Start mail', exact: true }).click();
  await page.getByRole('button', { name: 'One instance of web more' }).click();
  const changes = () => daemon.calls.filter(({ method }) => ['app.restart', 'app.start', 'app.scale'].includes(method));
  for (let tries = 0; changes().length < 3 && tries < 250; tries += 1) await page.waitForTimeout(20);
  const asked = changes().map(({ method, params }) => [method, (params as { process: string }).process, (params as { instances?: number }).instances]);
  assert.deepEqual(asked.toSorted(), [['app.restart', 'web', undefined], ['app.scale', 'web', 3], ['app.start', 'mail', undefined]]);
  assert.deepEqual(errors, []);
});

test('the audit log says who asked for what, and who was refused', async () => {
  const { page } = await open(server);
  const audit = page.getByRole('region', { name: 'Audit log' });
  await audit.getByText('command python manage.py shell', { exact: false }).waitFor();
  await audit.getByText('Refused').waitFor();
  await audit.getByText('198.51.100.7').first().waitFor();
});

test('everything is reached by the command palette and the keyboard alone', async () => {
  const { page } = await open('/');
  await page.getByRole('article', { name: 'shop' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Page, project, environment, run …').waitFor();
  await page.keyboard.type('shop · production');
  await page.getByText('shop · production').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/shop\/production$/);
});

test('Russian by the system\'s language, with plural forms, and a switch that is remembered', async () => {
  const { page } = await open('/', { locale: 'ru-RU' });
  await page.getByRole('heading', { name: 'Обзор' }).waitFor();
  await page.getByText('осталось 12 дней').waitFor();
  await page.getByText('остался 71 день').waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'ru');
  await page.getByText('English').click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
});

test('an address that was used is told, and what to do', async () => {
  const context = await browser.newContext();
  const stranger = await context.newPage();
  await stranger.goto(new URL(ui.ui.url).origin);
  await stranger.getByText('This address was used already').waitFor();
  await context.close();
});

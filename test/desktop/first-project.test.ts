import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import { quoteForShell, runOrThrow } from '@redcontrol/system';
import { buildPage } from '../../packages/desktop/test/build-page.ts';
import { openPage, startBrowser, tellPage, type Browser, type Page } from '../../packages/desktop/test/open-page.ts';
import { wantedInstall } from '../../packages/control/src/apply/wanted-install.ts';
import { startUi, type RunningUi } from '../../packages/control/src/ui/start-ui.ts';
import { bundle } from '../../scripts/bundle.ts';
import { startTestServer, type TestServer } from '../server/start-test-server.ts';
import { sampleApp } from '../world/sample-app.ts';
import { addDeployKey, sshConfig, startGitHost } from './git-host.ts';

const repository = 'shop.git';
const applyTimeoutMs = 240_000;
const deployTimeoutMs = 240_000;
let folder = '';
let server: TestServer;
let gitHost: TestServer;
let ui: RunningUi;
let browser: Browser;
let page: Page;
let errors: string[];
let failed = false;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-first-'));
  await buildPage();
  const bundles = await bundle(join(folder, 'dist'));
  // One after the other: the first makes the image that both are of.
  gitHost = await startGitHost('test-first-git', { folder: join(folder, 'git-host'), repository });
  server = await startTestServer({ instance: 'test-first', folder: join(folder, 'server') });
  await server.exec(`echo '${gitHost.address} git-host' >> /etc/hosts`);
  const config = join(folder, 'ssh_config');
  await writeFile(config, await sshConfig(gitHost, { name: 'git-host', folder, identityFile: server.target.identityFile! }));
  process.env.GIT_SSH_COMMAND = `ssh -F ${quoteForShell(config)}`;
  await pushSample();
  const daemon = bundles.find(({ name }) => name === 'redcontrol-daemon')?.path;
  ui = await startUi({
    folder: join(folder, 'settings'),
    install: { target: (address) => ({ ...address, configFile: config }), wanted: () => wantedInstall({ REDCONTROL_DAEMON_BUNDLE: daemon }) },
  });
  browser = await startBrowser();
  ({ page, errors } = await openPage(browser, ui));
}, { timeout: 240_000 });
afterEach((context) => tellPage(context as TestContext, page));
after(async () => {
  await browser?.close();
  await ui?.close();
  await server?.remove();
  await gitHost?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** One project for all: each stage goes on where the one before stopped; after a failure the rest is skipped. */
function stage(name: string, work: () => Promise<void>): void {
  test(name, async (context) => {
    if (failed) return context.skip('a stage before failed');
    failed = true;
    await work();
    failed = false;
  });
}

stage('a repository on a git host is read, and its framework recognised', async () => {
  await page.getByRole('link', { name: 'New project' }).first().click();
  await page.getByRole('textbox', { name: 'Address of the git repository' }).fill(`git@git-host:${repository}`);
  await page.getByText('The repository is readable from this computer.').waitFor();
  await next('Framework');
  await page.getByText('package.json', { exact: false }).first().waitFor();
  await next('Server');
});

stage('a server is checked after its fingerprint was compared', async () => {
  await page.getByRole('textbox', { name: 'IP address or domain' }).fill('127.0.0.1');
  await page.getByRole('textbox', { name: 'SSH port' }).fill(String(server.target.port));
  await page.getByRole('button', { name: 'Check the server' }).click();
  const { stdout } = await server.exec('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
  await page.getByText(stdout.split(' ')[1] ?? 'no fingerprint', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'It is this one' }).click();
  await page.getByText('no Docker yet: docker.io will be installed').waitFor();
  await page.getByText('ports 80 and 443 are free', { exact: false }).waitFor();
  await next('Environments');
});

stage('environments, secrets, people and stages are chosen', async () => {
  await page.getByText('v1.0.0 on main would go to production').waitFor();
  await page.getByText('a push to develop would go to test').waitFor();
  await next('Variables and secrets');
  await page.getByPlaceholder('New variable').fill('SECRET_KEY');
  await page.getByRole('checkbox', { name: 'Secret' }).check();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  for (const environment of ['production', 'test']) {
    await page.getByLabel(`SECRET_KEY ${environment}`, { exact: true }).fill(`secret of ${environment}`);
    await page.keyboard.press('Enter');
  }
  await next('Database');
  await next('People');
  await page.getByRole('textbox', { name: 'Paste public keys, one a line' }).fill(await readFile(`${server.target.identityFile}.pub`, 'utf8'));
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('SHA256:', { exact: false }).first().waitFor();
  await next('Stages');
  await next('Isolation');
  await next('Plan');
});

stage('the plan is applied to a server that had nothing', async () => {
  await page.getByRole('button', { name: 'Write the configuration and plan' }).click();
  await page.getByText('docker.io', { exact: false }).first().waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByRole('heading', { name: 'Applied', exact: true }).or(page.getByRole('heading', { name: 'Not applied completely' })).waitFor({ timeout: applyTimeoutMs });
  await page.getByRole('heading', { name: 'Applied', exact: true }).waitFor();
});

stage('the deploy key that the page shows lets the server read the repository', async () => {
  await page.getByRole('link', { name: 'Overview' }).first().click();
  await page.getByRole('article', { name: 'shop' }).getByRole('link', { name: 'shop', exact: true }).click();
  const key = await page.getByRole('textbox', { name: 'Deploy key' }).inputValue();
  await addDeployKey(gitHost, { key, repository });
  await page.getByRole('button', { name: 'Look for pushes' }).click();
  await page.getByText('Followed').waitFor();
});

stage('production and test go live, and the app answers with its secrets', async () => {
  for (const [environment, version] of [['production', 'one'], ['test', 'two']] as const) {
    const region = page.getByRole('region', { name: `Environment ${environment}` });
    await region.getByText('Up', { exact: true }).waitFor({ timeout: deployTimeoutMs });
    const address = new URL((await region.getByRole('link', { name: /127\.0\.0\.1/ }).getAttribute('href')) ?? '');
    const outside = `http://127.0.0.1:${server.port(Number(address.port))}`;
    assert.equal(await (await fetch(outside)).text(), version);
    const variables = (await (await fetch(`${outside}/env`)).json()) as Record<string, string>;
    assert.equal(variables.SECRET_KEY, `secret of ${environment}`);
  }
  assert.deepEqual(errors, []);
});

stage('a pushed change is live without anything being done', async () => {
  await pushChange('three');
  const region = page.getByRole('region', { name: 'Environment test' });
  await region.getByText('#2', { exact: false }).waitFor({ timeout: deployTimeoutMs });
  await region.getByText('Up', { exact: true }).waitFor({ timeout: deployTimeoutMs });
  const text = await readFile(join(folder, 'settings', 'projects', 'shop', 'redcontrol.yml'), 'utf8');
  assert.ok(!text.includes('secret of'), 'secrets are not in the file');
});

async function next(heading: string): Promise<void> {
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('heading', { level: 2, name: heading }).waitFor();
}

const clone = () => join(folder, 'clone');
const git = (...args: string[]) => runOrThrow('git', ['-C', clone(), '-c', 'user.name=Anna', '-c', 'user.email=anna@example.com', ...args], { timeoutMs: 60_000 });

/** Version one is tagged on main, version two is on develop. */
async function pushSample(): Promise<void> {
  await mkdir(clone());
  await git('init', '-q', '-b', 'main');
  await writeFiles(sampleApp('one'));
  await git('add', '.');
  await git('commit', '-qm', 'First version');
  await git('tag', 'v1.0.0');
  await git('switch', '-qc', 'develop');
  await git('remote', 'add', 'origin', `git@git-host:${repository}`);
  await pushChange('two');
  await git('push', '-q', 'origin', 'main', 'v1.0.0');
}

async function pushChange(version: string): Promise<void> {
  await writeFiles(sampleApp(version));
  await git('commit', '-qam', `Version ${version}`);
  await git('push', '-q', 'origin', 'develop');
}

async function writeFiles(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) await writeFile(join(clone(), path), text);
}

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runOrThrow, spawnProcess } from '@redcontrol/system';
import { bundle } from '../../scripts/bundle.ts';
import { startTestServer, type TestServer } from '../server/start-test-server.ts';

const program = join(import.meta.dirname, '../../packages/control/bin/redcontrol.js');
let server: TestServer;
let folder = '';
let bundlePath = '';
let failed = false;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-apply-'));
  const bundles = await bundle(join(folder, 'dist'));
  bundlePath = bundles.find(({ name }) => name === 'redcontrol-daemon')?.path ?? '';
  server = await startTestServer({ suite: 'bookworm', instance: `test-cli-${randomBytes(3).toString('hex')}` });
  const known = `IdentitiesOnly yes\nUserKnownHostsFile ${join(folder, 'known_hosts')}\nGlobalKnownHostsFile /dev/null\n`;
  await writeFile(join(folder, 'ssh_config'), `IdentityFile ${server.target.identityFile}\n${known}`);
  // Of somebody who has a key of their own and no other.
  await writeFile(join(folder, 'boris_config'), `IdentityFile ${join(folder, 'boris')}\n${known}`);
  await writeConfig('');
});
after(async () => {
  await server?.remove();
  await rm(folder, { recursive: true, force: true });
});

async function writeConfig(people: string): Promise<void> {
  await writeFile(join(folder, 'redcontrol.yml'), `project: shop
repository: https://git.example.com/acme/shop.git
servers:
  main: { host: 127.0.0.1, port: ${server.target.port} }
environments:
  production: { deploy: { branch: main }, secrets: [SECRET_KEY] }
${people}`);
}

interface Started {
  end: Promise<{ code: number; stdout: string; stderr: string }>;
  said(pattern: RegExp): Promise<void>;
  interrupt(): void;
}

function start(args: string[], input = ''): Started {
  const child = spawnProcess(process.execPath, [program, '--ssh-config', join(folder, 'ssh_config'), ...args], { cwd: folder, stdin: 'pipe', variables: { NODE_NO_WARNINGS: '1', REDCONTROL_DAEMON_BUNDLE: bundlePath } });
  child.stdin?.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk));
  const end = once(child, 'close').then(([code]) => ({ code: code as number, stdout, stderr }));
  return {
    end,
    interrupt: () => void child.kill('SIGINT'),
    async said(pattern) {
      while (!pattern.test(stderr)) {
        await Promise.race([once(child.stderr!, 'data'), end.then(() => { if (!pattern.test(stderr)) throw new Error(`ended before ${pattern}: ${stdout}${stderr}`); })]);
      }
    },
  };
}

const cli = (...args: string[]) => start(args).end;
const asBoris = () => ['--ssh-config', join(folder, 'boris_config')];

/** One server for all: each stage goes on where the one before stopped; after a failure the rest is skipped. */
function stage(name: string, work: () => Promise<void>): void {
  test(name, async (t) => {
    if (failed) return t.skip('a stage before failed');
    failed = true;
    await work();
    failed = false;
  });
}

stage('a server that is not known is not trusted, and the fingerprint is shown', async () => {
  const { code, stderr } = await cli('plan');
  assert.equal(code, 5);
  assert.match(stderr, /error SSH_HOST_KEY: .*got SHA256:\S{43} \(ssh-ed25519\)\nhint: .*--accept-host-key SHA256:/);
});

stage('with the fingerprint the plan shows the installation and the project', async () => {
  const key = await server.exec('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
  const fingerprint = key.stdout.split(' ')[1] ?? '';
  const { code, stdout, stderr } = await cli('--accept-host-key', fingerprint, 'plan');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^main\n( {2}[+~>].*\n)+/);
  assert.match(stdout, /docker\.io/);
  assert.match(stdout, /Set up the project shop/);
  assert.match(stdout, /secret SECRET_KEY of production is not set/);
  assert.match(await readFile(join(folder, 'known_hosts'), 'utf8'), /ssh-ed25519/);
});

stage('a command before the installation says what is missing', async () => {
  const { code, stderr } = await cli('status');
  assert.equal(code, 5);
  assert.match(stderr, /error DAEMON_UNREACHABLE: .*not installed\nhint: .*redcontrol apply/);
});

stage('Ctrl-C in the middle of apply, and apply again goes on from there', async () => {
  const first = start(['apply', '--yes']);
  await first.said(/✓ /);
  first.interrupt();
  const stopped = await first.end;
  assert.equal(stopped.code, 130, stopped.stderr);
  assert.match(stopped.stderr, /hint: What was done stays done\. Run `redcontrol apply` again/);
  const { code, stdout, stderr } = await cli('apply', '--yes');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /shop is set up on main \(revision 1\)/);
});

stage('applying again changes nothing', async () => {
  const { code, stdout, stderr } = await cli('apply', '--yes');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /everything is as the configuration says/);
});

stage('secrets, status and doctor work over SSH', async () => {
  assert.equal((await start(['secret', 'set', 'SECRET_KEY', '-e', 'production'], 'hunter2').end).code, 0);
  assert.match((await cli('secret', 'list')).stdout, /SECRET_KEY {2}✓ set/);
  assert.match((await cli('status')).stdout, /shop on main, revision 1/);
  assert.match((await cli('server', 'show')).stdout, /daemon +0\.1\.0, up for/);
  assert.match((await cli('doctor')).stdout, /✓ server main: daemon 0\.1\.0 answers/);
});

stage('a developer of the people list may read, but not what needs an admin', async () => {
  const key = join(folder, 'boris');
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const added = await cli('people', 'add', 'Boris', `${key}.pub`);
  assert.equal(added.code, 0, added.stderr);
  assert.equal((await cli('apply', '--yes')).code, 0);
  const status = await cli(...asBoris(), 'status');
  assert.equal(status.code, 0, status.stderr);
  const refused = await cli(...asBoris(), 'secret', 'remove', 'SECRET_KEY', '-e', 'production');
  assert.equal(refused.code, 4, refused.stderr);
  assert.match(refused.stderr, /error FORBIDDEN/);
});

stage('a person who is removed is refused at the next connection', async () => {
  assert.equal((await cli('people', 'remove', 'Boris')).code, 0);
  assert.equal((await cli('apply', '--yes')).code, 0);
  const { code, stderr } = await cli(...asBoris(), 'status');
  assert.equal(code, 5);
  assert.match(stderr, /error SSH_DENIED/);
});

stage('server check, upgrade and uninstall', async () => {
  const check = await cli('server', 'check');
  assert.equal(check.code, 0, check.stdout + check.stderr);
  assert.match(check.stdout, /RedControl .* runs/);
  const upgrade = await cli('server', 'upgrade');
  assert.equal(upgrade.code, 0, upgrade.stderr);
  assert.match(upgrade.stdout, /main had already the daemon/);
  const asked = await cli('server', 'uninstall');
  assert.equal(asked.code, 2);
  assert.match(asked.stdout, /Stop and remove the daemon/);
  const { code, stdout, stderr } = await cli('server', 'uninstall', '--data', '--yes');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /RedControl is removed from main, with all data/);
  assert.equal((await cli('status')).code, 5);
});

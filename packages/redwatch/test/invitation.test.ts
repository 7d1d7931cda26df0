import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connectDaemon } from '@redcontrol/client/connect-daemon';
import { startTestDaemon } from '@redcontrol/client/test-daemon';
import { startTestSshd, type TestSshd } from '@redcontrol/client/test-sshd';
import { runOrThrow } from '@redcontrol/system';
import { runTestCli } from '../../control/src/cli/test-cli.ts';
import { redwatchOf, type Redwatch } from './redwatch-of-test.ts';

let folder: string;
let sshd: TestSshd;
let daemon: Awaited<ReturnType<typeof startTestDaemon>>;
let developer: Redwatch;
/** The developer's OpenSSH settings: with known hosts of their own. */
let developerSsh: string;
const projects = ['shop'];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redwatch-invitation-'));
  sshd = await startTestSshd(join(folder, 'sshd'));
  daemon = await startTestDaemon(join(folder, 'daemon.sock'), { hello: () => ({ contractVersion: 1, daemonVersion: '0.1.0', name: 'Boris', role: 'developer', projects }) });
  developer = redwatchOf({ home: join(folder, 'home'), folder });
  developerSsh = join(folder, 'developer_config');
  await mkdir(join(folder, 'home'));
  await writeFile(developerSsh, (await readFile(sshd.target.configFile!, 'utf8')).replace(sshd.knownHosts, join(folder, 'developer_hosts')));
  await writeFile(join(folder, 'redcontrol.yml'), `project: shop\nrepository: git@git.example.com:acme/shop.git\nservers:\n  main: { host: 127.0.0.1, port: ${sshd.target.port}, user: root }\nenvironments:\n  production: { deploy: { branch: main } }\n`);
});
after(async () => {
  await daemon?.close();
  await sshd?.stop();
  await rm(folder, { recursive: true, force: true });
});

const invite = (...more: string[]) => runTestCli(['--ssh-config', sshd.target.configFile!, ...more, 'people', 'invite'], { folder });
const forget = () => rm(join(folder, 'developer_hosts'), { force: true });

test('an admin who never met the server cannot vouch for its key', async () => {
  const { code, stderr } = await invite();
  assert.deepEqual([code, /error SSH_HOST_KEY/.test(stderr)], [5, true], stderr);
});

test('the invitation carries the server, the project and the key that the admin trusts, and nothing else', async () => {
  const connectScript = join(import.meta.dirname, '../../client/src/test-connect.mjs');
  const key = await sshd.addKey('boris', [process.execPath, connectScript, join(folder, 'daemon.sock'), 'SHA256:boris']);
  await (await connectDaemon({ server: { ...sshd.target, identityFile: key }, clientName: 'test', daemonUser: sshd.target.user, firstContact: { accept: sshd.fingerprint } })).close();
  const { stdout } = await invite();
  assert.equal(stdout, `redwatch connect redwatch://redcontrol@127.0.0.1:${sshd.target.port}/shop/${sshd.fingerprint}\n`);
  assert.deepEqual(JSON.parse((await invite('--json')).stdout), [{ server: 'main', invitation: stdout.trim().split(' ').at(-1) }]);
});

test('with it the first contact asks nothing, and a key without access gets the line to send back', async () => {
  await forget();
  const stranger = join(folder, 'stranger');
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stranger]);
  const { exitCode, stdout, stderr } = await developer.run('connect', await invitation(), '--ssh-config', developerSsh, '--identity', stranger);
  assert.deepEqual([exitCode, /error SSH_DENIED/.test(stderr)], [5, true], stderr);
  const publicKey = (await readFile(`${stranger}.pub`, 'utf8')).trim();
  assert.ok(stdout.startsWith(`echo '${publicKey}' | redcontrol people add `), stdout);
});

test('with access it connects', async () => {
  await forget();
  const arguments_ = ['--ssh-config', developerSsh, '--identity', join(folder, 'sshd', 'boris'), '--name', 'main'];
  const first = await developer.run('connect', await ownInvitation(), ...arguments_);
  assert.deepEqual([first.exitCode, first.stdout, first.stderr], [0, 'Connected to main as Boris (developer).\n', '']);
  projects.splice(0, 1, 'other');
  const other = await developer.run('connect', await ownInvitation(), ...arguments_);
  assert.deepEqual([other.exitCode, /does not show you shop/.test(other.stderr)], [0, true], other.stderr);
});

test('a server with another key than the invitation\'s is refused, met before or not', async () => {
  const wrong = (await ownInvitation()).replace(/SHA256:.{43}/, `SHA256:${'A'.repeat(43)}`);
  const run = () => developer.run('connect', wrong, '--ssh-config', developerSsh, '--identity', join(folder, 'sshd', 'boris'));
  const known = await run();
  assert.deepEqual([known.exitCode, known.stderr.split('\n')[0]], [5, `error SSH_HOST_KEY: Expected the host key SHA256:${'A'.repeat(43)} of the invitation, 127.0.0.1 is known here with ${sshd.fingerprint}`]);
  await forget();
  const unknown = await run();
  assert.deepEqual([unknown.exitCode, /error SSH_HOST_KEY: Expected the host key SHA256:AAA/.test(unknown.stderr)], [5, true], unknown.stderr);
});

test('a cut invitation is told as such', async () => {
  const { exitCode, stderr } = await developer.run('connect', (await ownInvitation()).slice(0, -3));
  assert.deepEqual([exitCode, /error USAGE: Expected an invitation/.test(stderr)], [2, true], stderr);
});

async function invitation(): Promise<string> {
  return (await invite()).stdout.trim().split(' ').at(-1) ?? '';
}

/** As the user that runs this test; a server has `redcontrol` for it. */
async function ownInvitation(): Promise<string> {
  return (await invitation()).replace('redcontrol@', `${sshd.target.user}@`);
}

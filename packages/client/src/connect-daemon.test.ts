import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { RedControlError, type ErrorCode } from '@redcontrol/contract';
import type { SshTarget } from '@redcontrol/system';
import { connectDaemon, type ConnectOptions } from './connect-daemon.ts';
import { forgetHostKeys } from './known-host-keys.ts';
import { startTestDaemon } from './test-daemon.ts';
import { freePort, startTestSshd, type TestSshd } from './test-sshd.ts';

const connectScript = join(import.meta.dirname, 'test-connect.mjs');
let folder = '';
let sshd: TestSshd;
let daemon: Awaited<ReturnType<typeof startTestDaemon>>;
let person = '';
let installer = '';
let gone = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-ssh-'));
  sshd = await startTestSshd(join(folder, 'sshd'));
  const socket = join(folder, 'daemon.sock');
  daemon = await startTestDaemon(socket, { 'people.list': () => [] });
  person = await sshd.addKey('person', [process.execPath, connectScript, socket, 'SHA256:person']);
  installer = await sshd.addKey('installer', [process.execPath, connectScript, socket, 'local']);
  gone = await sshd.addKey('gone', [process.execPath, connectScript, join(folder, 'none.sock'), 'SHA256:gone']);
});
after(async () => {
  await daemon.close();
  await sshd.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => rm(sshd.knownHosts, { force: true }));

const trusted = () => ({ accept: sshd.fingerprint });
const options = (change: Partial<ConnectOptions> & { target?: Partial<SshTarget> } = {}): ConnectOptions => {
  const { target, ...rest } = change;
  return { server: { ...sshd.target, ...target }, clientName: 'test', daemonUser: sshd.target.user, firstContact: trusted(), ...rest };
};
const fails = (code: ErrorCode, message: RegExp, hint: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RedControlError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  assert.match(error.hint ?? '', hint);
  return true;
};

test('connects by the forced command of a person\'s key', async () => {
  const client = await connectDaemon(options({ target: { identityFile: person } }));
  assert.equal(daemon.preambles.at(-1), '{"as":"SHA256:person"}');
  assert.deepEqual(await client.call('people.list', {}), []);
  await client.close();
  assert.equal(await client.closed, undefined);
});

test('falls back to the installing user where the key is not a person\'s', async (t) => {
  if (sshd.target.user !== 'root') return t.skip('the fallback without sudo is root\'s');
  const client = await connectDaemon(options({ target: { identityFile: installer }, daemonUser: 'nobody-of-this-name' }));
  assert.equal(daemon.preambles.at(-1), '{"as":"local"}');
  await client.close();
});

test('an unknown host key is refused without somebody to confirm it', async () => {
  await assert.rejects(connectDaemon({ ...options({ target: { identityFile: person } }), firstContact: {} }), fails('SSH_HOST_KEY', new RegExp(`got ${sshd.fingerprint.replace(/[+/]/g, '.')} \\(ssh-ed25519\\)`), /--accept-host-key SHA256:/));
});

test('a person confirms the fingerprint, and it is known from then on', async () => {
  const asked: string[] = [];
  const ask = async ({ keys }: { keys: readonly { fingerprint: string }[] }) => { asked.push(...keys.map((key) => key.fingerprint)); return true; };
  await (await connectDaemon(options({ target: { identityFile: person }, firstContact: { ask } }))).close();
  assert.deepEqual(asked, [sshd.fingerprint]);
  assert.match(await readFile(sshd.knownHosts, 'utf8'), new RegExp(`^\\[127\\.0\\.0\\.1\\]:${sshd.target.port} ssh-ed25519 `));
  await (await connectDaemon(options({ target: { identityFile: person }, firstContact: {} }))).close();
});

test('another key than the accepted one is refused', async () => {
  await assert.rejects(connectDaemon(options({ firstContact: { accept: 'SHA256:another' } })), fails('SSH_HOST_KEY', /Expected the host key SHA256:another/, /Do not go on/));
});

test('a login that is refused says how to look', async () => {
  const stranger = join(folder, 'stranger');
  await (await sshd.addKey('stranger-template'), writeFile(stranger, await readFile(join(folder, 'sshd', 'host_key')), { mode: 0o600 }));
  await assert.rejects(connectDaemon(options({ target: { identityFile: stranger } })), fails('SSH_DENIED', /to accept a key of this machine/, /ssh-add.*--identity/));
});

test('a server without RedControl is told', async () => {
  const shell = await sshd.addKey('shell');
  await assert.rejects(connectDaemon(options({ target: { identityFile: shell }, daemonUser: 'nobody-of-this-name' })), fails('DAEMON_UNREACHABLE', /not installed/, /redcontrol apply/));
});

test('a daemon that is down is told', async () => {
  await assert.rejects(connectDaemon(options({ target: { identityFile: gone } })), fails('DAEMON_UNREACHABLE', /none\.sock/, /systemctl status redcontrol/));
});

test('a port where nobody listens, a name without address and a missing key are told', async () => {
  await assert.rejects(connectDaemon(options({ target: { port: await freePort() } })), fails('SSH_FAILED', /Connection refused/, /sshd runs there/));
  await assert.rejects(connectDaemon(options({ target: { host: 'no-such-host.invalid' } })), fails('SSH_FAILED', /to have an address/, /DNS/));
  await assert.rejects(connectDaemon(options({ target: { identityFile: join(folder, 'no-such-key') } })), fails('SSH_FAILED', /./, /./));
});

test('a connection is cancelled before and while ssh waits for a server that says nothing', async (t) => {
  const silent = createServer((socket) => void socket.on('error', () => {}).resume());
  const port = await freePort();
  await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
  t.after(() => silent.close());
  const controller = new AbortController();
  const accepted = once(silent, 'connection');
  const connecting = connectDaemon(options({ target: { port }, signal: controller.signal }));
  const [socket] = (await accepted) as [Socket];
  controller.abort();
  await assert.rejects(connecting, (error) => error instanceof RedControlError && error.code === 'CANCELLED');
  if (!socket.destroyed) await once(socket, 'close');
  await assert.rejects(connectDaemon(options({ signal: controller.signal })), (error) => error instanceof RedControlError && error.code === 'CANCELLED');
});

test('a changed host key is refused with the warning', async () => {
  await (await connectDaemon(options({ target: { identityFile: person } }))).close();
  await sshd.changeHostKey();
  await assert.rejects(connectDaemon(options({ target: { identityFile: person } })), fails('SSH_HOST_KEY', /that is known here/, /ssh-keygen -R '\[127/));
});

test('a server that was set up anew is known again once its old key is forgotten', async () => {
  await (await connectDaemon(options({ target: { identityFile: person }, firstContact: { ask: async () => true } }))).close();
  await sshd.changeHostKey();
  await forgetHostKeys({ ...sshd.target, identityFile: person });
  await assert.rejects(connectDaemon({ ...options({ target: { identityFile: person } }), firstContact: {} }), fails('SSH_HOST_KEY', /a known host key/, /--accept-host-key/));
  await (await connectDaemon(options({ target: { identityFile: person }, firstContact: { ask: async () => true } }))).close();
  await forgetHostKeys(sshd.target);
  await forgetHostKeys(sshd.target);
});

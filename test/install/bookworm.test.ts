import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RedControlError, type Progress } from '@redcontrol/contract';
import { runOrThrow, runToEnd, sshArguments, systemClock, type SshTarget } from '@redcontrol/system';
import { applyInstall, checkServer, inspectServer, planInstall, uninstallServer, upgradeServer } from '../../packages/control/src/install/index.ts';
import { writeAuthorizedKeys } from '../../packages/daemon/src/people/index.ts';
import { docker } from '../server/docker.ts';
import { startTestServer, type TestServer } from '../server/start-test-server.ts';
import { cutSsh } from './cut-ssh.ts';
import { serverSnapshot, snapshotDifference } from './server-snapshot.ts';
import { writeTestBundle } from './test-bundle.ts';

let server: TestServer;
let folder: string;
let fresh: Set<string>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-install-'));
  server = await startTestServer({ suite: 'bookworm', instance: `test-install-${randomBytes(3).toString('hex')}` });
  // As careful administrators have it; people's keys must get in all the same.
  await server.exec('echo "AllowUsers root deploy" >> /etc/ssh/sshd_config; systemctl reload ssh');
  // As on a server without Docker; a container takes it over from its host.
  await server.exec('echo 0 > /proc/sys/net/ipv4/ip_forward');
  fresh = await serverSnapshot(server);
});
after(async () => {
  await server?.remove();
  await rm(folder, { recursive: true, force: true });
});

let failed = false;

/** One server for all: each stage goes on where the one before stopped, as a server's life does; after a failure the rest is skipped. */
function stage(name: string, work: () => Promise<void>): void {
  test(name, async (t) => {
    if (failed) return t.skip('a stage before failed');
    failed = true;
    await work();
    failed = false;
  });
}

const failsWith = (code: string, text: RegExp) => (error: unknown) => error instanceof RedControlError && error.code === code && text.test(error.message);
const out = async (script: string) => (await server.exec(script)).stdout.trim();

stage('a server whose port 80 is taken is refused, naming the program', async () => {
  await server.exec(`systemd-run --unit=webshop python3 -c 'import socket, time; s = socket.socket(); s.bind(("0.0.0.0", 80)); s.listen(); time.sleep(600)'
    until ss -Hltn 'sport = :80' | grep -q .; do sleep 0.1; done`);
  const wanted = await writeTestBundle(folder, '0.1.0');
  const facts = await inspectServer(server.target);
  assert.throws(() => planInstall(facts, wanted), failsWith('SERVER_UNSUPPORTED', /port 80 to be free, got python3 \(webshop\.service\)/));
  const findings = await checkServer(server.target, { domains: ['nowhere.invalid'] });
  assert.deepEqual(findings.filter(({ level }) => level === 'fail').map(({ id }) => id), ['ports', 'domain nowhere.invalid']);
  await server.exec('systemctl stop webshop');
});

stage('a server that cannot be reached says why', async () => {
  const stranger = join(folder, 'stranger');
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stranger]);
  await assert.rejects(inspectServer({ ...server.target, identityFile: stranger }), failsWith('SSH_DENIED', /accept a key/));
  const unknown = { ...server.target.options, UserKnownHostsFile: '/dev/null' };
  await assert.rejects(inspectServer({ ...server.target, options: unknown }), failsWith('SSH_HOST_KEY', /host key/));
  await assert.rejects(inspectServer({ ...server.target, port: 1 }), failsWith('SSH_FAILED', /refused/));
});

stage('left in the middle: a new plan holds the rest only', async () => {
  const wanted = await writeTestBundle(folder, '0.1.0');
  const plan = planInstall(await inspectServer(server.target), wanted);
  assert.equal(plan.length, 8);
  await server.exec(`systemd-run --unit=updates python3 -c 'import fcntl, time; f = open("/var/lib/apt/lists/lock", "w"); fcntl.lockf(f, fcntl.LOCK_EX); time.sleep(4)'; sleep 1`);
  const stop = new AbortController();
  const said: string[] = [];
  await assert.rejects(
    applyInstall(server.target, plan, {
      signal: stop.signal,
      onProgress: ({ operation, state, text }) => {
        said.push(text);
        if (operation === 'node' && state === 'output' && text.includes(' of ')) stop.abort();
      },
    }),
    (error) => error instanceof RedControlError && error.code === 'CANCELLED',
  );
  assert.ok(said.some((line) => line.includes('another program is using apt')), 'the lock of apt was waited for');
  const rest = planInstall(await inspectServer(server.target), wanted).map(({ id }) => id);
  assert.deepEqual(rest, ['node', 'release', 'ssh', 'proxy', 'service']);
});

stage('a cut connection is made again and the installation goes on to its end', async () => {
  const wanted = await writeTestBundle(folder, '0.1.0');
  await server.exec('apt-get purge -y -q mmdebstrap >/dev/null 2>&1');
  const plan = planInstall(await inspectServer(server.target), wanted);
  const cuts = await applyWithCuts(plan, ['packages', 'node', 'service']);
  assert.deepEqual(cuts, ['packages', 'node', 'service']);
  assert.deepEqual(planInstall(await inspectServer(server.target), wanted), []);
  assert.equal(await out('systemctl is-active redcontrol redcontrol-haproxy; systemctl is-enabled redcontrol redcontrol-haproxy haproxy'), 'active\nactive\nenabled\nenabled\ndisabled');
  assert.equal(await out('ls /var/lib/redcontrol/runtime/ -A | wc -l'), '1');
});

/** Applies a plan and cuts the connection once in each of the named operations, as soon as it says something. */
async function applyWithCuts(plan: ReturnType<typeof planInstall>, inOperations: string[]): Promise<string[]> {
  const cuts: string[] = [];
  await applyInstall(server.target, plan, {
    onProgress({ operation, state, text }: Progress) {
      const speaks = operation === 'service' ? state === 'started' : state === 'output' && !text.startsWith('sending');
      if (!speaks || !inOperations.includes(operation) || cuts.includes(operation)) return;
      cuts.push(operation);
      void systemClock.sleep(operation === 'service' ? 700 : 0).then(() => cutSsh(server.target));
    },
  });
  return cuts;
}

stage('after a reboot all of it runs again', async () => {
  await server.reboot();
  await untilActive();
  assert.deepEqual(planInstall(await inspectServer(server.target), await writeTestBundle(folder, '0.1.0')), []);
  assert.equal(await out('stat -c %a:%U /run/redcontrol'), '755:root');
});

async function untilActive(): Promise<void> {
  await server.exec('for i in $(seq 100); do systemctl is-active --quiet redcontrol redcontrol-haproxy && exit 0; sleep 0.2; done');
}

stage('a developer\'s key reaches the daemon and nothing else', async () => {
  const { key, target } = await addDeveloper();
  const hello = '{"jsonrpc":"2.0","id":1,"method":"hello","params":{"contractVersion":1,"client":"test"}}';
  const answer = await runToEnd('sh', ['-c', '{ printf "%s" "$0"; sleep 2; } | ssh "$@"', `Content-Length: ${hello.length}\r\n\r\n${hello}`, ...sshArguments(target, ['id'])]);
  assert.match(answer.stdout, /"daemonVersion":"0\.1\.0"/);
  assert.doesNotMatch(answer.stdout, /uid=/);

  const withArguments = (extra: string[]) => runToEnd('ssh', [...extra, ...sshArguments(target, ['id']).filter((word) => word !== '-T')], { timeoutMs: 20_000 });
  const terminal = await withArguments(['-tt']);
  assert.match(terminal.stderr, /PTY allocation request failed/);
  assert.doesNotMatch(terminal.stdout, /uid=/);
  const list = join(folder, 'sftp-commands');
  await writeFile(list, 'ls /etc\n');
  const files = await runToEnd('timeout', ['5', 'sftp', '-b', list, ...sftpOptions(target)]);
  assert.notEqual(files.exitCode, 0);
  assert.doesNotMatch(files.stdout, /passwd/);
  assert.match(await forwarded(target), /administratively prohibited|open failed|remote port forwarding failed/);
  const elsewhere = await runToEnd('ssh', sshArguments({ ...target, user: 'root' }, ['id']));
  assert.match(elsewhere.stderr, /Permission denied/);

  // Taken off the list, the key is refused at the next connection.
  await writeAuthorizedKeys(key.list, []);
  await docker(['cp', key.list, `${server.container}:/var/lib/redcontrol/home/.ssh/authorized_keys`]);
  assert.match((await runToEnd('ssh', sshArguments(target, ['id']))).stderr, /Permission denied/);
});

async function addDeveloper(): Promise<{ key: { list: string }; target: SshTarget }> {
  const identityFile = join(folder, 'developer');
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'dev" ssh-rsa', '-f', identityFile]);
  const { stdout } = await runOrThrow('cat', [`${identityFile}.pub`]);
  const list = join(folder, 'authorized_keys');
  await writeAuthorizedKeys(list, [{ key: stdout.trim() }]);
  await docker(['cp', list, `${server.container}:/var/lib/redcontrol/home/.ssh/authorized_keys`]);
  return { key: { list }, target: { ...server.target, user: 'redcontrol', identityFile } };
}

function sftpOptions(target: SshTarget): string[] {
  const options = Object.entries({ ...target.options, BatchMode: 'yes', IdentitiesOnly: 'yes' }).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  return ['-F', '/dev/null', '-i', String(target.identityFile), ...options, '-P', String(target.port), `${target.user}@${target.host}`];
}

/** What ssh says to a forwarding to the server's own port 22 and back from it. */
async function forwarded(target: SshTarget): Promise<string> {
  const reserve = createServer();
  const port = await new Promise<number>((resolve) => reserve.listen(0, '127.0.0.1', () => resolve((reserve.address() as { port: number }).port)));
  await new Promise((resolve) => reserve.close(resolve));
  const script = 'port=$0; ssh -L "127.0.0.1:$port:127.0.0.1:22" -R 18080:127.0.0.1:22 "$@" 2>&1 & sleep 2; bash -c "exec 3<>/dev/tcp/127.0.0.1/$port; timeout 2 head -c 1 <&3" 2>/dev/null; sleep 1; kill $!';
  const { stdout } = await runToEnd('sh', ['-c', script, String(port), ...sshArguments(target, ['sleep', '5'])], { timeoutMs: 30_000 });
  return stdout;
}

stage('an upgrade leaves connections alone and keeps the release before', async () => {
  const proxyBefore = await out('systemctl show --property MainPID --value redcontrol-haproxy');
  const wanted = await writeTestBundle(folder, '0.2.0');
  assert.equal(await upgradeServer(server.target, wanted), true);
  assert.equal(await upgradeServer(server.target, wanted), false);
  assert.match(await out('readlink /var/lib/redcontrol/current'), /^releases\/0\.2\.0-/);
  assert.equal(await out('systemctl show --property MainPID --value redcontrol-haproxy'), proxyBefore);
  assert.equal(await out('ls /var/lib/redcontrol/releases | wc -l'), '2');
});

stage('a daemon that does not come up is taken back by the server itself, with the connection cut', async () => {
  const wanted = await writeTestBundle(folder, '0.3.0', 'dies');
  let cut = 0;
  const cutting = upgradeServer(server.target, wanted, {
    onProgress({ operation, state }) {
      if (operation === 'service' && state === 'started') void systemClock.sleep(2000).then(async () => (cut += await cutSsh(server.target)));
    },
  });
  await assert.rejects(cutting, failsWith('INSTALL_FAILED', /0\.2\.0-[0-9a-f]{8} is back and answers/));
  assert.equal(cut, 1);
  assert.match(await out('readlink /var/lib/redcontrol/current'), /^releases\/0\.2\.0-/);
  assert.equal(await out('systemctl is-active redcontrol'), 'active');
});

stage('a daemon that changed the state\'s schema and died leaves the state as it was', async () => {
  const wanted = await writeTestBundle(folder, '0.4.0', 'migrates-and-dies');
  await assert.rejects(upgradeServer(server.target, wanted), failsWith('INSTALL_FAILED', /0\.2\.0-[0-9a-f]{8} is back and answers/));
  const { stdout } = await server.exec(`/var/lib/redcontrol/current/node -e '
    const d = new (require("node:sqlite").DatabaseSync)("/var/lib/redcontrol/state.db");
    console.log(d.prepare("PRAGMA user_version").get().user_version, d.prepare("SELECT count(*) n FROM starts WHERE version = ?").get("0.1.0").n > 0)'`);
  assert.equal(stdout.trim(), '0 true');
});

stage('a reboot in the middle of an upgrade leads back to the daemon that was proven, with its state, and the upgrade can be made anew', async () => {
  const wanted = await writeTestBundle(folder, '0.5.0', 'migrates-and-hangs');
  const stop = new AbortController();
  const upgrade = upgradeServer(server.target, wanted, { signal: stop.signal });
  upgrade.catch(() => {});
  await server.exec('until readlink /var/lib/redcontrol/current | grep -q 0.5.0 && [ "$(systemctl show --property MainPID --value redcontrol)" != 0 ]; do sleep 0.1; done; sleep 1');
  stop.abort();
  await assert.rejects(upgrade, failsWith('CANCELLED', /was cancelled/));
  assert.equal(await stateSchema(), '99');
  await server.reboot();
  await untilActive();
  assert.match(await out('readlink /var/lib/redcontrol/current'), /^releases\/0\.2\.0-/);
  assert.equal(await stateSchema(), '0');
  assert.equal(await out('cd /var/lib/redcontrol/current && ./node hello.mjs && ls -A ../../install'), 'manifest');
  assert.match(await out('journalctl --unit redcontrol --output cat'), /cut by a reboot before the new daemon was proven: 0\.2\.0-[0-9a-f]{8} is current again/);

  const mended = await writeTestBundle(folder, '0.5.0');
  assert.equal(await upgradeServer(server.target, mended), true);
  assert.match(await out('readlink /var/lib/redcontrol/current'), /^releases\/0\.5\.0-/);
  await server.reboot();
  await untilActive();
  assert.match(await out('readlink /var/lib/redcontrol/current'), /^releases\/0\.5\.0-/, 'what was proven stays');
});

function stateSchema(): Promise<string> {
  return out(`/var/lib/redcontrol/current/node -e '
    console.log(new (require("node:sqlite").DatabaseSync)("/var/lib/redcontrol/state.db").prepare("PRAGMA user_version").get().user_version)' 2>/dev/null`);
}

stage('uninstalling leaves the server as it was, with the data', async () => {
  await server.exec('docker volume create --label redcontrol=default shop-database && touch /var/lib/docker/volumes/shop-database/_data/rows');
  assert.equal(await uninstallServer(server.target, { data: false }), true);
  const difference = snapshotDifference(fresh, await serverSnapshot(server));
  assert.deepEqual(difference.filter((line) => !/ file \/var\/lib\/(docker|containerd|redcontrol)$/.test(line)), []);
  assert.equal(await out('ls /var/lib/redcontrol/state.db /var/lib/docker/volumes/shop-database/_data/rows | wc -l'), '2');
  assert.equal(await uninstallServer(server.target, { data: false }), false);
});

stage('installed again it finds its data; uninstalled with data nothing is left', async () => {
  const wanted = await writeTestBundle(folder, '0.2.0');
  await applyInstall(server.target, planInstall(await inspectServer(server.target), wanted));
  assert.equal(await out('docker volume ls -q'), 'shop-database');
  assert.equal(await uninstallServer(server.target, { data: true }), true);
  assert.deepEqual(snapshotDifference(fresh, await serverSnapshot(server)), []);
  assert.equal(await out('ls -A /var/lib/redcontrol /var/lib/docker | grep -v :'), '');
});

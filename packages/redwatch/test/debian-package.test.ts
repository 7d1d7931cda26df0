import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import { bundle } from '../../../scripts/bundle.ts';
import { docker } from '../../../test/server/docker.ts';
import { startTestServer, type TestServer } from '../../../test/server/start-test-server.ts';
import { makeDebianPackage } from '../package/debian-package.ts';

/** The goal of 60 MiB is measured by the bench; how much of Node's own program the system maps varies, so a little more passes here. */
const maxResidentKb = 66 * 1024;

let machine: TestServer;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redwatch-deb-'));
  const program = (await bundle(join(folder, 'programs'))).find(({ name }) => name === 'redwatch')!.path;
  const debian = await makeDebianPackage(program, folder);
  assert.ok(debian !== undefined);
  machine = await startTestServer({ instance: 'test-redwatch-deb' });
  // A daemon of a test and the forced command of a key, as files that need no package.
  await build({
    stdin: { contents: "import { startTestDaemon } from './packages/client/src/test-daemon.ts';\nawait startTestDaemon('/tmp/daemon.sock', { hello: () => ({ contractVersion: 1, daemonVersion: '0.1.0', name: 'Anna', role: 'admin', projects: [] }), 'project.list': () => [], 'run.list': () => [], 'events.follow': () => ({ last: 0 }) });", resolveDir: process.cwd(), loader: 'ts' },
    outfile: join(folder, 'files/daemon.mjs'), bundle: true, platform: 'node', format: 'esm', logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  });
  await cp(join(import.meta.dirname, '../../client/src/test-connect.mjs'), join(folder, 'files/connect.mjs'));
  await cp(debian, join(folder, 'files/redwatch.deb'));
  await docker(['cp', '--', `${join(folder, 'files')}/.`, `${machine.container}:/opt/`]);
});
after(async () => {
  await machine?.remove();
  await rm(folder, { recursive: true, force: true });
});

async function shell(script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await machine.exec(`set -e\n${script}`);
  assert.equal(exitCode, 0, `${stdout}${stderr}`);
  return stdout;
}

/** As the developer, in a session of their own that systemd knows. */
const asUser = (command: string) => shell(`uid=$(id -u deploy)\nrunuser -u deploy -- env -C /home/deploy HOME=/home/deploy XDG_RUNTIME_DIR=/run/user/$uid DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$uid/bus ${command}`);

/** Waits until a script ends well, as root; a minute at most. What the service last said is told when it does not. */
const until = (script: string) => shell(`for try in $(seq 300); do { ${script}; } && exit 0; sleep 0.2; done; journalctl -o cat --no-pager -n 20 _SYSTEMD_USER_UNIT=redwatch.service; exit 1`);

test('the package is installed with what it needs, and the program runs', async () => {
  await shell('apt-get -o DPkg::Lock::Timeout=60 update -qq >/dev/null; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends /opt/redwatch.deb dbus-user-session libpam-systemd >/dev/null');
  assert.match(await shell('redwatch --version'), /^\d+\.\d+\.\d+\n$/);
  assert.match(await shell('redwatch status 2>&1 || echo exit $?'), /error USAGE: .*\n.*\nexit 2/);
});

test('a user of the machine connects over its own ssh', async () => {
  await shell(`
    useradd --system --create-home --shell /bin/sh redcontrol
    systemd-run --quiet --unit=test-daemon /usr/lib/redwatch/node /opt/daemon.mjs
    runuser -u deploy -- ssh-keygen -q -t ed25519 -N '' -f /home/deploy/.ssh/id_ed25519
    install -d -o redcontrol -g redcontrol -m 0700 ~redcontrol/.ssh
    echo "restrict,command=\\"/usr/lib/redwatch/node /opt/connect.mjs /tmp/daemon.sock SHA256:anna\\" $(cat /home/deploy/.ssh/id_ed25519.pub)" > ~redcontrol/.ssh/authorized_keys
    until [ -S /tmp/daemon.sock ]; do sleep 0.1; done; chmod 666 /tmp/daemon.sock`);
  const fingerprint = (await shell('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')).split(' ')[1];
  assert.equal(await asUser(`redwatch connect redwatch://redcontrol@127.0.0.1:22/shop/${fingerprint}`), 'Connected to 127.0.0.1 as Anna (admin).\n');
});

test('the service runs in the user\'s systemd, in the memory that it may take, and again after it was killed', async () => {
  await shell('loginctl enable-linger deploy');
  await until('[ -S /run/user/$(id -u deploy)/bus ]').catch(async () => assert.fail(await shell('loginctl; systemctl --no-pager status user@$(id -u deploy) dbus systemd-logind 2>&1 | tail -60; ls -la /run/user /run/user/*; true')));
  assert.equal(await asUser('redwatch service install'), '/home/deploy/.config/systemd/user/redwatch.service\n');
  await until('journalctl -o cat --no-pager _SYSTEMD_USER_UNIT=redwatch.service | grep -q "127.0.0.1: connected"');
  const pid = (await asUser('systemctl --user show -p MainPID --value redwatch')).trim();
  const resident = Number(/^VmRSS:\s+(\d+)/m.exec(await shell(`cat /proc/${pid}/status`))?.[1]);
  assert.ok(resident > 0 && resident <= maxResidentKb, `${resident} kB`);
  await shell(`kill -KILL ${pid}`);
  await until(`now=$(systemctl --machine=deploy@ --user show -p MainPID --value redwatch); [ "$now" -gt 0 ] && [ "$now" != ${pid} ]`);
  await asUser('redwatch service remove');
  assert.equal((await asUser('sh -c "systemctl --user is-active redwatch || true"')).trim(), 'inactive');
});

test('removed, it leaves nothing of the package', async () => {
  await shell('dpkg --purge redwatch >/dev/null');
  assert.equal(await shell('ls -d /usr/lib/redwatch /usr/bin/redwatch /usr/share/applications/redwatch.desktop 2>/dev/null || true'), '');
});

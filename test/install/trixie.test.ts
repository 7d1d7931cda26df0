import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { applyInstall, inspectServer, planInstall, uninstallServer } from '../../packages/control/src/install/index.ts';
import { startTestServer, type TestServer } from '../server/start-test-server.ts';
import { serverSnapshot, snapshotDifference } from './server-snapshot.ts';
import { writeTestBundle } from './test-bundle.ts';

let server: TestServer;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-install-'));
  server = await startTestServer({ suite: 'trixie', instance: `test-install-${randomBytes(3).toString('hex')}` });
});
after(async () => {
  await server?.remove();
  await rm(folder, { recursive: true, force: true });
});

const out = async (script: string) => (await server.exec(script)).stdout.trim();

/** An image of nothing but this server's own sleep, so that no registry is needed. */
const ownContainer = `
apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends docker.io docker-cli iptables >/dev/null
files=$(ldd /bin/sleep | grep -o '/[^ ]*'; echo /bin/sleep)
tar -C / -chf - $files 2>/dev/null | docker import - theirs:1 >/dev/null
docker run --detach --name theirs theirs:1 /bin/sleep 100000 >/dev/null
docker inspect --format '{{.State.StartedAt}} {{.State.Pid}}' theirs`;

test('a server with a running Docker of its own, Debian 13, installed through sudo: Docker is used and not touched', async () => {
  const container = await out(ownContainer);
  const before = await serverSnapshot(server);
  const engine = await out('dpkg-query -W docker.io containerd runc; systemctl show --property MainPID docker');
  assert.match(container, /^20\S+ [1-9]\d*$/);

  const wanted = await writeTestBundle(folder, '0.1.0');
  const facts = await inspectServer(server.sudoTarget);
  assert.deepEqual([facts.login.user, facts.login.privilege, facts.docker.state, facts.docker.origin], ['deploy', 'sudo', 'running', 'docker.io']);
  const plan = planInstall(facts, wanted);
  assert.doesNotMatch(plan[0]?.description ?? '', /docker\.io/);
  await applyInstall(server.sudoTarget, plan);
  assert.deepEqual(planInstall(await inspectServer(server.sudoTarget), wanted), []);
  assert.equal(await out('systemctl is-active redcontrol redcontrol-haproxy'), 'active\nactive');
  assert.match(await out('docker buildx version'), /buildx/);
  assert.equal(await out("docker inspect --format '{{.State.StartedAt}} {{.State.Pid}}' theirs"), container);
  assert.equal(await out('dpkg-query -W docker.io containerd runc; systemctl show --property MainPID docker'), engine);

  assert.equal(await uninstallServer(server.sudoTarget, { data: true }), true);
  assert.deepEqual(snapshotDifference(before, await serverSnapshot(server)), []);
  assert.equal(await out("docker inspect --format '{{.State.StartedAt}} {{.State.Pid}}' theirs"), container);
});

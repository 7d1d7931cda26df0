import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { applyInstall, checkServer, inspectServer, planInstall, uninstallServer } from '../../packages/control/src/install/index.ts';
import { startTestServer, type TestServer } from '../server/start-test-server.ts';
import { startShop, version, type LiveShop } from '../world/live-shop.ts';
import { serverSnapshot, snapshotDifference } from './server-snapshot.ts';
import { writeTestBundle } from './test-bundle.ts';

let server: TestServer | undefined;
let shop: LiveShop | undefined;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-install-'));
});
after(async () => {
  await server?.remove();
  await shop?.remove();
  await rm(folder, { recursive: true, force: true });
});

test('Ubuntu 24.04: installed through sudo, all of it runs, nothing is left of it', async () => {
  server = await startTestServer({ suite: 'noble', instance: `test-install-${randomBytes(3).toString('hex')}` });
  const fresh = await serverSnapshot(server);
  const wanted = await writeTestBundle(folder, '0.1.0');
  const facts = await inspectServer(server.sudoTarget);
  assert.deepEqual([facts.os.id, facts.os.version], ['ubuntu', '24.04']);
  assert.deepEqual((await checkServer(server.sudoTarget, { domains: [] })).filter(({ level }) => level === 'fail'), []);
  await applyInstall(server.sudoTarget, planInstall(facts, wanted));
  assert.deepEqual(planInstall(await inspectServer(server.sudoTarget), wanted), []);
  assert.equal((await server.exec('systemctl is-active redcontrol redcontrol-haproxy')).stdout, 'active\nactive\n');
  assert.equal(await uninstallServer(server.sudoTarget, { data: true }), true);
  assert.deepEqual(snapshotDifference(fresh, await serverSnapshot(server)), []);
});

test('Ubuntu 24.04: the server makes the base images itself, tests a push and brings it live', async () => {
  shop = await startShop('ubuntu', {}, { suite: 'noble', images: 'none' });
  assert.equal(await shop.production(), 'v0');
  await shop.succeeds(await shop.push(version('v1')));
  assert.equal(await shop.production(), 'v1');
});

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkServer, inspectServer, uninstallServer } from '../../packages/control/src/install/index.ts';
import { startShop, version, type LiveShop } from '../world/live-shop.ts';
import { serverSnapshot, snapshotDifference } from './server-snapshot.ts';

let shop: LiveShop | undefined;
after(() => shop?.remove());

test('Ubuntu 24.04: installed through sudo it makes the base images, tests a push and brings it live; nothing is left of it', async () => {
  let fresh = new Set<string>();
  shop = await startShop('ubuntu', {}, {
    suite: 'noble', images: 'none', login: 'sudo',
    async beforeInstall(server) {
      fresh = await serverSnapshot(server);
      const { os } = await inspectServer(server.sudoTarget);
      assert.deepEqual([os.id, os.version], ['ubuntu', '24.04']);
      assert.deepEqual((await checkServer(server.sudoTarget, { domains: [] })).filter(({ level }) => level === 'fail'), []);
    },
  });
  assert.equal(await shop.production(), 'v0');
  await shop.succeeds(await shop.push(version('v1')));
  assert.equal(await shop.production(), 'v1');

  await shop.out('rm -rf /srv/git /root/work');
  assert.equal(await uninstallServer(shop.server.sudoTarget, { data: true }), true);
  assert.deepEqual(snapshotDifference(fresh, await serverSnapshot(shop.server)), []);
});

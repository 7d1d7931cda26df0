import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startShop, version, type LiveShop } from '../world/live-shop.ts';

let live: LiveShop;

before(async () => {
  live = await startShop('engine');
});
after(() => live?.remove());

test('a new volume belongs to the user that the app runs as', async () => {
  assert.equal(await live.out(`docker exec $(docker ps -q --filter label=redcontrol.role=web) sh -c 'id -u; stat -c %u /srv/media; touch /srv/media/mine && echo written'`), '10001\n10001\nwritten');
});

test('the engine is restarted while a step runs: the run begins again and has one true verdict', async () => {
  const commit = await live.push({ ...version('v1'), 'check.sh': 'sleep 8\n' });
  await live.untilRun(commit, live.isChecking);
  await live.out('systemctl restart docker');
  assert.equal((await live.succeeds(commit)).attempt, 2);
  assert.equal(await live.production(), 'v1');
  await live.assertOneEnd(commit);
});

for (const [state, name] of [['starting', 'v2'], ['watching', 'v3']] as const) {
  test(`the engine is restarted while a release is ${state}: one true verdict, and the app answers`, async () => {
    const commit = await live.push({ ...version(name, 4), 'check.sh': 'true\n' });
    await live.untilRun(commit, live.newestReleaseIs(state));
    await live.out('systemctl restart docker');
    await live.succeeds(commit);
    assert.equal(await live.production(), name);
    await live.assertOneEnd(commit);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '@redcontrol/system';
import { createChannelWorld } from '../notify/test-bed/channel-world.ts';
import { listEvents, requeueRun, setRunStatus } from '../store/index.ts';
import { tellNow } from './tell-waiting-runs.ts';

test('a run that waits in the queue for longer than it should is told once, others are not', async (t) => {
  let aheadMs = 0;
  const world = createChannelWorld({}, { clock: { ...systemClock, now: () => Date.now() + aheadMs } });
  t.after(() => world.close());
  world.apply();
  const [waiting, running, begunAgain] = [world.run(), world.run({ ref: 'develop' }), world.run({ ref: 'other' })];
  setRunStatus(world.store, running.id, 'running', Date.now());
  requeueRun(world.store, begunAgain.id);
  const told = () => listEvents(world.store, 0, 100).filter(({ kind }) => kind === 'run.waiting').map(({ runId, text }) => [runId, text]);
  tellNow(world.daemon);
  assert.deepEqual(told(), []);
  aheadMs = 660_000;
  tellNow(world.daemon);
  tellNow(world.daemon);
  assert.deepEqual(told(), [[waiting.id, `run ${waiting.id} (main) waits for 11m 0s`]]);
});

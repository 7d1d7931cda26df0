import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { killTree, spawnProcess } from '@redcontrol/system';
import { startRecordingHost } from '../notify/test-bed/recording-host.ts';
import { listEvents, openStore } from '../store/index.ts';
import { createAlertWorld, fill } from './test-bed/alert-world.ts';

const program = join(import.meta.dirname, 'test-bed', 'alert-process.ts');

test('a watcher that is killed again and again tells the begin once and the end once, and the channel gets each once', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'redcontrol-alerts-'));
  const host = await startRecordingHost({ status: 204 });
  const world = createAlertWorld({ team: { kind: 'webhook', url: host.url, secret: 'KEY' } }, { directory });
  world.apply();
  world.secret('KEY', 'the signing key');
  let child: ReturnType<typeof spawnProcess> | undefined;
  t.after(async () => {
    if (child) killTree(child);
    await world.close();
    await host.close();
    await rm(directory, { recursive: true });
  });
  const lived: number[] = [];
  /** Starts the watcher and kills it after a while, a few times, then lets it live until it told. */
  const killSeveralTimes = async (waitsMs: readonly number[], told: () => boolean) => {
    for (const waitMs of waitsMs) {
      child = spawnProcess(process.execPath, [program, directory, host.url], { stdout: 'inherit', stderr: 'inherit' });
      lived.push(child.pid ?? 0);
      await sleep(waitMs);
      killTree(child);
      await once(child, 'exit');
    }
    child = spawnProcess(process.execPath, [program, directory, host.url], { stdout: 'inherit', stderr: 'inherit' });
    for (const end = Date.now() + 20_000; !told(); await sleep(20)) assert.ok(Date.now() < end, 'told within 20 s');
    await sleep(500);
    killTree(child);
    await once(child, 'exit');
  };
  const received = (event: string) => host.received.filter(({ json }) => json.type === event);
  // The place in the events is taken before anything happens.
  await killSeveralTimes([], () => true);
  const now = Math.floor(Date.now() / 15_000) * 15;
  const then = fill(world.metrics, now - 600, Array.from({ length: 20 }, () => ({ requests: 50, errors: 10 })));
  await killSeveralTimes([300, 500, 700, 900, 1100, 1300], () => received('alert.started').length > 0);
  // It is wrong still: the next ones have nothing to tell.
  await killSeveralTimes([900, 1300], () => received('alert.started').length > 0);
  fill(world.metrics, then, Array.from({ length: 24 }, () => ({ requests: 50 })));
  await killSeveralTimes([300, 500, 700, 900, 1100, 1300], () => received('alert.ended').length > 0);
  const store = openStore(join(directory, 'state.db'));
  const kinds = listEvents(store, 0, 100).filter(({ kind }) => kind.startsWith('alert.')).map(({ kind }) => kind);
  store.close();
  assert.deepEqual(kinds, ['alert.started', 'alert.ended']);
  const ids = new Set(host.received.map(({ headers }) => headers['webhook-id']));
  assert.equal(ids.size, 2, 'a message that was cut off may come again, with the same id');
  assert.match(JSON.stringify(received('alert.started')[0]!.json), /"20 %"|too many errors/);
  assert.equal(lived.length, 14);
});

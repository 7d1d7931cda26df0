import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { killTree, spawnProcess } from '@redcontrol/system';
import { startRecordingHost, type Reply } from '../test-bed/recording-host.ts';

const program = join(import.meta.dirname, '..', 'test-bed', 'outbox-process.ts');

async function killedAfter(t: TestContext, requests: number, replies: Reply[]) {
  const directory = await mkdtemp(join(tmpdir(), 'redcontrol-killed-'));
  const host = await startRecordingHost({ status: 204 });
  t.after(async () => {
    await host.close();
    await rm(directory, { recursive: true });
  });
  const start = (work: string) => {
    const child = spawnProcess(process.execPath, [program, directory, host.url, work], { stdout: 'inherit', stderr: 'inherit' });
    t.after(() => killTree(child));
    return child;
  };
  host.replyNext(...replies);
  const first = start('fail');
  await host.gets(requests);
  killTree(first);
  await once(first, 'exit');
  start('wait');
  return host;
}

const idsOf = (host: Awaited<ReturnType<typeof startRecordingHost>>) => host.received.map(({ headers }) => headers['webhook-id']);

test('a process killed while its side is out of order tells all five afterwards, each once, in order', async (t) => {
  const host = await killedAfter(t, 1, [{ status: 503 }, { status: 503 }, { status: 503 }]);
  await host.gets(6);
  while (new Set(idsOf(host)).size < 5) await sleep(20);
  await sleep(300);
  const taken = host.received.map(({ json }) => (json.data as { runId: number }).runId);
  assert.deepEqual([...new Set(taken)], [1, 2, 3, 4, 5]);
  assert.deepEqual(taken.filter((run) => run > 1), [2, 3, 4, 5], 'only the one that was refused came again');
});

test('a process killed between a message and its answer sends that one again with the same id, and no other', async (t) => {
  const host = await killedAfter(t, 3, [{ status: 204 }, { status: 204 }, 'never']);
  await host.gets(6);
  await sleep(300);
  const ids = idsOf(host);
  assert.equal(ids.length, 6);
  assert.equal(new Set(ids).size, 5);
  assert.equal(ids[2], ids[3], 'the one without an answer');
});

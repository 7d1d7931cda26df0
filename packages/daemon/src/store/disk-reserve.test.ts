import assert from 'node:assert/strict';
import { appendFileSync, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runOrThrow } from '@redcontrol/system';
import { createEventHub } from '../notify/event-hub.ts';
import { openStore, type NewEvent, type Store } from './index.ts';

/** A store on a small disk of its own. */
async function smallDisk(t: TestContext): Promise<{ directory: string; store: Store }> {
  const directory = await mkdtemp(join(tmpdir(), 'redcontrol-disk-'));
  await runOrThrow('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', directory]);
  const store = openStore(join(directory, 'state.db'));
  t.after(async () => {
    store.close();
    await runOrThrow('umount', [directory]);
    await rm(directory, { recursive: true });
  });
  return { directory, store };
}

function fill(directory: string): void {
  for (const bytes of [1024 ** 2, 4096]) {
    assert.throws(() => { for (;;) appendFileSync(join(directory, 'filler'), Buffer.alloc(bytes, 'x')); }, { code: 'ENOSPC' });
  }
}

const event = (text: string): NewEvent => ({ at: 0, kind: 'run.started', project: 'shop', environment: null, runId: 1, text, data: {} });
const large = 'x'.repeat(200_000);
const skip = process.getuid?.() === 0 ? false : 'mounting a disk needs root';

test('on a full disk what anybody may write is refused, a verdict still has room, and nothing half written stays', { skip }, async (t) => {
  const { directory, store } = await smallDisk(t);
  const hub = createEventHub(store);
  const told: string[] = [];
  hub.listen(({ text }) => told.push(text.slice(0, 9)));
  fill(directory);
  const count = () => (store.sql('SELECT count(*) AS n FROM events').get() as { n: number }).n;
  assert.throws(() => { for (;;) store.transaction(() => hub.add(event(`refused ${large}`))); }, { code: 'DISK_FULL', message: /Expected room on the disk/ });
  const before = count();
  assert.equal(existsSync(join(directory, 'disk-reserve')), true, 'it is kept for verdicts');

  store.transition('run.ended', () => hub.add(event(`verdict 1${large}`)));
  store.transition('run.ended', () => hub.add(event(`verdict 2${large}`)));
  hub.flush();
  assert.equal(count(), before + 2);
  assert.deepEqual(told.slice(-2), ['verdict 1', 'verdict 2']);
  assert.equal(told.length, before + 2, 'nothing is told that is not stored');
  assert.equal(existsSync(join(directory, 'disk-reserve')), false);

  store.keepReserve();
  fill(directory);
  assert.throws(() => { for (;;) store.transition('run.ended', () => hub.add(event(large))); }, { code: 'DISK_FULL' });
  await rm(join(directory, 'filler'));
  store.keepReserve();
  assert.equal(existsSync(join(directory, 'disk-reserve')), true);
  store.transaction(() => hub.add(event('after')));
  assert.deepEqual({ ...store.sql('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
});

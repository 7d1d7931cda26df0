import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredBackup } from '../store/index.ts';
import { backupForRollback } from './rollback-choices.ts';

const release = (number: number, isLive = true) => ({ number, liveAt: isLive ? number * 1000 : null });
const backup = (id: number, number: number | null, change: Partial<StoredBackup> = {}): StoredBackup => ({
  id, project: 'shop', environment: 'production', reason: 'migration', state: 'ready', place: { kind: 'local' }, files: [], bytes: 0, error: null, release: number,
  startedBy: '', createdAt: id, finishedAt: id, proof: 'unproven', proofAt: null, proofError: null, ...change,
});
const chosen = (target: number, releases: ReturnType<typeof release>[], backups: StoredBackup[]) => backupForRollback({ number: target }, releases, backups)?.id;

test('the data of a release are those before the migration of the next that went live', () => {
  const releases = [release(1), release(2), release(3)];
  const backups = [backup(10, 2), backup(11, 3)];
  assert.equal(chosen(1, releases, backups), 10);
  assert.equal(chosen(2, releases, backups), 11);
  assert.equal(chosen(3, releases, backups), undefined);
});

test('a release that failed after its backup leaves an older one than the next try', () => {
  const releases = [release(1), release(2, false), release(3), release(4)];
  assert.equal(chosen(1, releases, [backup(10, 2), backup(11, 3), backup(12, 4)]), 11);
});

test('only backups of migrations that are still there count', () => {
  const releases = [release(1), release(2)];
  assert.equal(chosen(1, releases, [backup(10, 2, { state: 'failed' }), backup(11, null, { reason: 'schedule' })]), undefined);
  assert.equal(chosen(1, releases, []), undefined);
});

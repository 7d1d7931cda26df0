import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredBackup } from '../store/index.ts';
import { backupPlan } from './backup-settings.ts';
import { planBackups } from './plan-backups.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = 1000 * day;
const plan = { everyMs: day, keep: 2, to: 'local' as const, verifyMs: 7 * day };

function backup(id: number, change: Partial<StoredBackup> = {}): StoredBackup {
  return {
    id, project: 'shop', environment: 'production', reason: 'schedule', state: 'ready', place: { kind: 'local' }, files: [], bytes: 0, error: null, release: null,
    startedBy: 'schedule', createdAt: now - (100 - id) * hour, finishedAt: now, proof: 'unproven', proofAt: null, proofError: null, ...change,
  };
}
const work = (backups: StoredBackup[]) => {
  const { create, prove, remove } = planBackups({ plan, backups: backups.toSorted((a, b) => b.id - a.id), now });
  return { create, prove: prove?.id, remove: remove.map(({ id }) => id) };
};

test('a backup is due when the last by the clock is older than its time, and not while one is being made', () => {
  assert.equal(work([]).create, true);
  assert.equal(work([backup(80)]).create, false);
  assert.equal(work([backup(76)]).create, true);
  assert.equal(work([backup(76), backup(99, { state: 'making' })]).create, false);
  assert.equal(work([backup(76), backup(99, { reason: 'manual' })]).create, true, 'one by hand does not move the clock');
  assert.equal(planBackups({ plan: { ...plan, everyMs: undefined }, backups: [], now }).create, false);
});

test('after a failure the next try waits a quarter of an hour, not a day', () => {
  assert.equal(work([backup(99, { state: 'failed', createdAt: now - 60_000 })]).create, false);
  assert.equal(work([backup(99, { state: 'failed', createdAt: now - 16 * 60_000 })]).create, true);
});

test('of each reason the newest are kept, and the last that was proven always', () => {
  assert.deepEqual(work([backup(1), backup(2), backup(3), backup(90, { reason: 'migration' })]).remove, [1]);
  assert.deepEqual(work([backup(1, { proof: 'proven' }), backup(2), backup(3), backup(4)]).remove, [2]);
  assert.deepEqual(work([backup(1, { proof: 'proven' }), backup(2, { proof: 'proven' }), backup(3), backup(4)]).remove, [1]);
  assert.deepEqual(work([backup(1, { state: 'failed', createdAt: now - 8 * day }), backup(2, { state: 'failed' })]).remove, [1]);
});

test('the newest is to be proven when the last proof is old enough', () => {
  assert.equal(work([backup(90), backup(95)]).prove, 95);
  assert.equal(work([backup(90, { proof: 'proven', proofAt: now - 6 * day }), backup(95)]).prove, undefined);
  assert.equal(work([backup(90, { proof: 'proven', proofAt: now - 8 * day }), backup(95)]).prove, 95);
  assert.equal(work([backup(95, { proof: 'failed', proofAt: now - 8 * day })]).prove, undefined);
});

test('without `backup` only migrations make backups, with `false` nothing does', () => {
  const database = { engine: 'postgres' as const, version: '17' };
  assert.deepEqual(backupPlan({ database }), { everyMs: undefined, keep: 7, to: 'local', verifyMs: undefined });
  assert.equal(backupPlan({ database: { ...database, backup: false } }), undefined);
  assert.equal(backupPlan({}), undefined);
  assert.deepEqual(backupPlan({ database: { ...database, backup: { every: '6h', keep: 3, to: 'local', verify: false } } }), { everyMs: 6 * hour, keep: 3, to: 'local', verifyMs: undefined });
});

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { collectLogs, planLogRemoval, type RunLogs } from './collect-logs.ts';

const hourMs = 3_600_000;
const runs: RunLogs[] = [1, 2, 3, 4, 5].map((run) => ({ run, bytes: run * 100, changedAt: run * 10 * hourMs }));

interface Limits {
  maxAgeMs?: number;
  maxRuns?: number;
  maxBytes?: number;
  keep?: (run: number) => boolean;
}

const group = (ids: number[], { maxAgeMs = Infinity, maxRuns = Infinity }: Limits = {}) => ({ runs: new Set(ids), maxAgeMs, maxRuns });
const planGroups = (groups: ReturnType<typeof group>[], { maxBytes = Infinity, keep = () => false }: Limits = {}) =>
  planLogRemoval(runs, { groups, maxBytes, keep, nowMs: 100 * hourMs }).map(({ run }) => run);
const plan = (limits: Limits) => planGroups([group([1, 2, 3, 4, 5], limits)], limits);

test('each limit alone takes the oldest', () => {
  assert.deepEqual(plan({}), []);
  assert.deepEqual(plan({ maxRuns: 2 }), [1, 2, 3]);
  assert.deepEqual(plan({ maxAgeMs: 65 * hourMs }), [1, 2, 3]);
  assert.deepEqual(plan({ maxBytes: 1000 }), [1, 2, 3], 'run 3 does not fit any more, so 2 and 1 go too');
  assert.deepEqual(plan({ maxBytes: 0 }), [1, 2, 3, 4, 5]);
});

test('a kept run stays and counts', () => {
  assert.deepEqual(plan({ maxRuns: 2, keep: (run) => run === 1 }), [2, 3]);
  assert.deepEqual(plan({ maxBytes: 500, keep: (run) => run >= 4 }), [1, 2, 3]);
});

test('each group has its own limits, and what belongs to none goes', () => {
  assert.deepEqual(planGroups([group([1, 3, 5], { maxRuns: 1 }), group([2, 4])]), [1, 3]);
  assert.deepEqual(planGroups([group([1, 3, 5], { maxAgeMs: 55 * hourMs }), group([2, 4], { maxAgeMs: 85 * hourMs })]), [1, 3]);
  assert.deepEqual(planGroups([group([3, 4])]), [1, 2, 5]);
});

test('only folders of runs are removed, and nothing behind a link', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'redcontrol-collect-'));
  try {
    for (const name of ['9', '10', '11', 'notes', '012', '7x']) await mkdir(join(directory, name));
    for (const name of ['9', '10', '11', 'notes']) await writeFile(join(directory, name, '0.log'), 'x'.repeat(1000));
    await writeFile(join(directory, '8'), 'a file');
    await symlink(join(directory, 'notes'), join(directory, '6'));
    const old = new Date(Date.now() - 50 * hourMs);
    for (const path of ['9/0.log', '9']) await utimes(join(directory, path), old, old);
    const options = { groups: [group([9, 10, 11], { maxAgeMs: 40 * hourMs, maxRuns: 1 })], maxBytes: 10 ** 9, clock: { now: () => Date.now() }, keep: () => false };
    assert.deepEqual(await collectLogs(directory, options), { removedRuns: [9, 10], freedBytes: 2000 });
    assert.deepEqual((await readdir(directory)).toSorted(), ['012', '11', '6', '7x', '8', 'notes']);
    assert.deepEqual(await readdir(join(directory, 'notes')), ['0.log']);
    assert.deepEqual(await collectLogs(join(directory, 'absent'), options), { removedRuns: [], freedBytes: 0 });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

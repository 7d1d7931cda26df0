import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RedControlError } from '@redcontrol/contract';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApplyJobs } from './apply-jobs.ts';
import { openUsualTimes } from './usual-times.ts';

let folder = '';
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'redcontrol-jobs-'))));
after(() => rm(folder, { recursive: true }));

const planned = [{ id: 'a', description: 'first' }, { id: 'b', description: 'second' }];

test('progress is noted by operation, also of what was not planned, and the end counts for all', async () => {
  const jobs = createApplyJobs(() => {}, await openUsualTimes(folder));
  const { id } = jobs.start('/shop', async (report) => {
    report.plan('main', planned);
    report.progress('main', { operation: 'a', state: 'started', text: '' });
    report.progress('main', { operation: 'a', state: 'output', text: 'x'.repeat(10_000) });
    report.progress('main', { operation: 'a', state: 'done', text: '' });
    report.progress('main', { operation: 'proxy', state: 'done', text: '' });
  });
  await jobs.close();
  const job = jobs.show(id);
  assert.equal(job.state, 'succeeded');
  assert.deepEqual(job.steps.map(({ id: step, state }) => [step, state]), [['a', 'done'], ['b', 'done'], ['proxy', 'done']]);
  assert.ok((job.steps[0]?.output.length ?? 0) <= 4000);
});

test('a failure keeps its error and its step; one project is applied once at a time; cancelling ends the work', async () => {
  const jobs = createApplyJobs(() => {}, await openUsualTimes(folder));
  const waiting = jobs.start('/shop', (_report, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new RedControlError('CANCELLED', 'stopped')))));
  assert.throws(() => jobs.start('/shop', async () => {}), { code: 'CONFLICT' });
  const failing = jobs.start('/other', async (report) => {
    report.plan('main', planned);
    report.progress('main', { operation: 'a', state: 'started', text: '' });
    throw new RedControlError('INSTALL_FAILED', 'Expected apt to succeed, got exit code 100', { hint: 'Look at it.' });
  });
  await new Promise((resolve) => setImmediate(resolve));
  jobs.cancel(waiting.id);
  await jobs.close();
  assert.equal(jobs.show(waiting.id).state, 'cancelled');
  const failed = jobs.show(failing.id);
  assert.deepEqual([failed.state, failed.error?.code, failed.steps.map(({ state }) => state)], ['failed', 'INSTALL_FAILED', ['failed', 'waiting']]);
});

test('what an operation usually takes is known from the last times, also by the next program', async () => {
  const times = await openUsualTimes(folder);
  for (const tookMs of [9000, 100, 300, 200, 400, 500]) times.note('packages', tookMs);
  await times.save();
  const later = await openUsualTimes(folder);
  assert.equal(later.of('packages'), 300, 'the middle of the last five');
  assert.equal(later.of('never done'), null);
  const jobs = createApplyJobs(() => {}, later);
  const { id } = jobs.start('/shop', async (report) => report.plan('main', [{ id: 'packages', description: 'Install docker.io' }, ...planned.slice(1)]));
  await jobs.close();
  assert.deepEqual(jobs.show(id).steps.map(({ usualMs }) => usualMs), [300, null]);
});

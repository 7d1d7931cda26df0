import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { JobRunRecord, JobState } from '@redcontrol/contract';
import { startTestDaemon, type TestMethods } from '@redcontrol/client/test-daemon';
import { runTestCli } from '../cli/test-cli.ts';
import { projectState, testNow } from './test-records.ts';

const hour = 3_600_000;

function jobRun(change: Partial<JobRunRecord> = {}): JobRunRecord {
  return {
    id: 8, project: 'shop', environment: 'production', job: 'cleanup', status: 'succeeded', trigger: 'schedule', startedBy: '', command: 'x', release: 7, attempt: 1, exitCode: 0, error: null,
    missedCount: 0, dueAt: testNow - 5 * hour, startedAt: testNow - 5 * hour, finishedAt: testNow - 5 * hour + 1500, logBytes: 6, logSha256: null, ...change,
  };
}

function jobState(change: Partial<JobState> = {}): JobState {
  return {
    project: 'shop', environment: 'production', name: 'cleanup', command: 'npm run cleanup\u001b[2J', cron: '0 3 * * *', timeZone: 'Europe/Moscow', overlap: 'skip', state: 'ok',
    pausedBy: null, pausedAt: null, nextAt: testNow + 19 * hour, open: 0, last: jobRun(), ...change,
  };
}

/** A log that comes in two pieces; the start has its end with the second. */
function logOf(end: Partial<JobRunRecord>): TestMethods['job.log'] {
  return ({ offset }) => {
    const bytes = Buffer.from('one\ntwo\n').subarray(offset, offset === 0 ? 4 : 8);
    const closed = offset >= 4;
    return { data: bytes.toString('base64'), nextOffset: offset + bytes.length, totalBytes: offset + bytes.length, closed, run: jobRun(closed ? end : { status: 'running', finishedAt: null }) };
  };
}

async function shop(t: TestContext, answers: TestMethods) {
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-jobs-'));
  t.after(() => rm(folder, { recursive: true }));
  const daemon = await startTestDaemon(join(folder, 'd.sock'), { 'project.list': () => [projectState()], ...answers });
  t.after(() => daemon.close());
  return {
    run: (...args: string[]) => runTestCli(['--socket', join(folder, 'd.sock'), ...args], { folder, now: testNow }),
    paramsOf: (method: string) => daemon.calls.find((call) => call.method === method)?.params,
  };
}

test('jobs are listed with their next and last time', async (t) => {
  const { run } = await shop(t, { 'job.list': () => [jobState(), jobState({ name: 'mail', state: 'paused', nextAt: null, last: null })] });
  assert.equal((await run('jobs')).stdout, `JOB      ENVIRONMENT  STATE     NEXT    LAST                SCHEDULE                 COMMAND
cleanup  production   ● ok      in 19h  ✓ succeeded 4h ago  0 3 * * * Europe/Moscow  npm run cleanup
mail     production   ‖ paused  –       –                   0 3 * * * Europe/Moscow  npm run cleanup
`);
});

test('a job that is run shows what it prints, and ends as the job does', async (t) => {
  const well = await shop(t, { 'job.run': () => jobRun({ status: 'due' }), 'job.log': logOf({}) });
  const ended = await well.run('job', 'run', 'cleanup', '-e', 'production');
  assert.deepEqual([ended.code, ended.stdout], [0, 'one\ntwo\n']);
  assert.deepEqual(well.paramsOf('job.run'), { project: 'shop', environment: 'production', job: 'cleanup' });
  const ill = await shop(t, { 'job.run': () => jobRun({ status: 'due' }), 'job.log': logOf({ status: 'failed', exitCode: 3, error: { code: 'JOB_FAILED', message: 'Expected job cleanup to end with exit code 0, got 3' } }) });
  const failed = await ill.run('job', 'run', 'cleanup', '-e', 'production');
  assert.deepEqual([failed.code, failed.stdout], [7, 'one\ntwo\n']);
  assert.match(failed.stderr, /JOB_FAILED: Expected job cleanup to end with exit code 0, got 3/);
});

test('logs are those of the newest start that ran', async (t) => {
  const { run, paramsOf } = await shop(t, { 'job.history': () => [jobRun({ id: 10, status: 'skipped' }), jobRun({ id: 9, status: 'missed' }), jobRun()], 'job.log': logOf({}) });
  assert.equal((await run('job', 'logs', 'cleanup', '-e', 'production', '-f')).stdout, 'one\ntwo\n');
  assert.equal((paramsOf('job.log') as { start: number }).start, 8);
  const none = await shop(t, { 'job.history': () => [] });
  assert.equal((await none.run('job', 'logs', 'cleanup', '-e', 'production')).code, 3);
});

test('history tells ends, misses and who started it', async (t) => {
  const { run } = await shop(t, { 'job.history': () => [jobRun({ id: 9, status: 'missed', missedCount: 3, exitCode: null, startedAt: null, release: null }), jobRun({ trigger: 'manual', startedBy: 'Anna' })] });
  assert.equal((await run('job', 'history', 'cleanup', '-e', 'production')).stdout, `START  STATUS       EXIT  TRY  TOOK  DUE     RELEASE  BY        NOTE
    9  ! missed        –    1     –  5h ago  –        schedule  3 times
    8  ✓ succeeded     0    1  1.5s  5h ago  #7       Anna
`);
});

test('pause, resume and cancel say what they did, with --json as the daemon answers', async (t) => {
  const { run, paramsOf } = await shop(t, { 'job.pause': () => jobState({ state: 'paused', nextAt: null }), 'job.resume': () => jobState(), 'job.cancel': () => [jobRun({ status: 'running' })] });
  assert.match((await run('job', 'pause', 'cleanup', '-e', 'production')).stdout, /is paused: it is not due until redcontrol job resume cleanup -e production/);
  assert.match((await run('job', 'resume', 'cleanup', '-e', 'production')).stdout, /is due in 19h/);
  assert.equal(JSON.parse((await run('job', 'cancel', 'cleanup', '-e', 'production', '--start', '8', '--json')).stdout)[0].id, 8);
  assert.deepEqual(paramsOf('job.cancel'), { project: 'shop', environment: 'production', job: 'cleanup', start: 8 });
});

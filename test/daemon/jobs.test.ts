import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobRunRecord } from '@redcontrol/contract';
import { isJobRunOver } from '@redcontrol/contract';
import { listContainers, openEngine } from '@redcontrol/daemon';
import { stringify } from 'yaml';
import { sampleApp } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';

let world: World;
let url: string;
const never = { cron: '0 0 29 2 *' };
const jobs = {
  greet: { ...never, run: 'echo hello from $REDCONTROL_JOB on $PORT, $NAME $TOKEN' },
  broken: { ...never, run: 'echo it is broken; exit 3', timeout: '1m' },
  stubborn: { ...never, run: "trap '' TERM; echo begun; sh -c 'sleep 301 & sleep 302' & sleep 300 & wait", timeout: '10m', memory: '64M' },
  slow: { ...never, run: 'echo slow; sleep 300', timeout: '2s' },
  replaced: { ...never, run: 'sleep 300', overlap: 'replace' },
  several: { ...never, run: 'sleep 2', overlap: 'allow' },
  minute: { cron: '* * * * *', run: 'echo tick', environments: ['test'] },
  late: { cron: '0 3 * * *', run: 'echo late', missed: 'run-once' },
  lost: { cron: '0 3 * * *', run: 'echo never' },
  flood: { ...never, run: 'yes 0123456789012345678901234567890123456789 | head -c 30000000' },
  hog: { ...never, run: `node -e "const all = []; for (;;) all.push(Buffer.alloc(1e7, 1))"`, memory: '32M' },
};

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  const origin = await world.repository('shop', sampleApp('v1'));
  url = origin.url;
  await world.call('project.apply', { config: config() });
  await world.call('secret.set', { project: 'shop', environment: 'production', name: 'TOKEN', value: 'a-very-secret-value' });
  const run = (await world.call('deploy', { project: 'shop', environment: 'production', ref: 'main' }));
  const ended = await waitForRun(run.id);
  assert.equal(ended.status, 'succeeded', JSON.stringify(ended.error));
});
after(() => world.close());

function config(change: Record<string, unknown> = {}): string {
  return stringify({
    project: 'shop', repository: url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' }, pipeline: [], jobs,
    environments: { production: { deploy: { branch: 'main', tag: 'v*' }, watch: '500ms', drain: '1s', variables: { NAME: 'Anna' }, secrets: ['TOKEN'] }, test: { deploy: { branch: 'develop' } } }, ...change,
  });
}

const of = (job: string) => ({ project: 'shop', environment: 'production', job });

test('a job runs in the live release with its variables; its log hides secrets', async () => {
  const ended = await runToEnd('greet');
  assert.deepEqual([ended.status, ended.exitCode, ended.release, ended.trigger, ended.startedBy], ['succeeded', 0, 1, 'manual', 'root on the server'], JSON.stringify(ended));
  assert.equal(await logOf('greet', ended.id), 'hello from greet on 3000, Anna ***\n');
});

test('a failure is told once, with its last lines, and the recovery once', async () => {
  const first = await runToEnd('broken');
  assert.deepEqual([first.status, first.exitCode, first.error?.code], ['failed', 3, 'JOB_FAILED']);
  await runToEnd('broken');
  await world.call('project.apply', { config: config({ jobs: { ...jobs, broken: { ...never, run: 'echo mended' }, mend: { ...never, run: 'true' } } }) });
  assert.equal((await runToEnd('mend')).status, 'succeeded');
  assert.equal((await runToEnd('broken')).status, 'succeeded');
  await runToEnd('broken');
  const told = (await events()).filter((event) => event.data.job === 'broken');
  assert.deepEqual(told.map((event) => event.kind), ['job.failed', 'job.recovered']);
  assert.match(String(told[0]?.data.lastLines), /it is broken/);
  await world.call('project.apply', { config: config() });
  assert.equal((await world.call('job.list', { project: 'shop', environment: 'production' })).find(({ name }) => name === 'mend'), undefined);
});

test('cancelling ends the whole tree of processes, also of those that ignore the signal', async () => {
  const { id } = await world.call('job.run', of('stubborn'));
  await until(async () => (await logOf('stubborn', id)).includes('begun'));
  await assert.rejects(world.call('job.run', of('stubborn')), { code: 'CONFLICT' });
  const [container] = await listContainers(engine(), { role: 'job', name: 'stubborn' });
  assert.ok(container);
  await world.call('job.cancel', of('stubborn'));
  const ended = await endOf('stubborn', id);
  assert.deepEqual([ended.status, ended.exitCode], ['cancelled', 137]);
  assert.match(await logOf('stubborn', id), /stopped by root on the server/);
  await until(async () => (await listContainers(engine(), { role: 'job' })).length === 0);
  await assert.rejects(world.call('job.cancel', of('stubborn')), { code: 'CONFLICT' });
});

test('a job that takes too long is stopped and counts as failed', async () => {
  const ended = await runToEnd('slow');
  assert.deepEqual([ended.status, ended.error?.code], ['timed-out', 'JOB_TIMEOUT']);
  assert.ok((await events()).some((event) => event.kind === 'job.failed' && event.data.job === 'slow'));
});

test('replace ends the one before, allow lets both run', async () => {
  const first = await world.call('job.run', of('replaced'));
  await until(async () => (await startOf('replaced', first.id)).status === 'running');
  const second = await world.call('job.run', of('replaced'));
  assert.equal((await endOf('replaced', first.id)).status, 'cancelled');
  await until(async () => (await startOf('replaced', second.id)).status === 'running');
  await world.call('job.cancel', of('replaced'));
  await endOf('replaced', second.id);
  const both = [await world.call('job.run', of('several')), await world.call('job.run', of('several'))];
  const ends = [await endOf('several', both[0]!.id), await endOf('several', both[1]!.id)];
  assert.deepEqual(ends.map(({ status }) => status), ['succeeded', 'succeeded']);
  assert.ok(ends[1]!.startedAt! < ends[0]!.finishedAt!, 'they ran side by side');
});

test('a flood of output and a hog of memory are bounded', async () => {
  const flood = await runToEnd('flood');
  assert.equal(flood.status, 'succeeded');
  assert.ok(flood.logBytes <= 10 * 1024 ** 2 + 300, `${flood.logBytes}`);
  const hog = await runToEnd('hog');
  assert.equal(hog.status, 'failed');
});

test('what was due while the daemon was off is told as missed, and run once where that is asked', async () => {
  const before = await history('late');
  await world.kill('SIGTERM');
  changeState(`UPDATE jobs SET next_at = ${Date.now() - 3 * 86_400_000 - 3_600_000} WHERE environment = 'production' AND name IN ('late', 'lost')`);
  await world.start();
  await until(async () => (await history('late')).some(({ trigger, status }) => trigger === 'missed' && status === 'succeeded'));
  const late = (await history('late')).slice(0, -before.length || undefined);
  assert.deepEqual(late.map(({ status, trigger }) => [status, trigger]), [['succeeded', 'missed'], ['missed', 'schedule']]);
  assert.deepEqual((await history('lost')).map(({ status }) => status), ['missed']);
  assert.ok([3, 4].includes(late[1]!.missedCount), `${late[1]!.missedCount}`);
  const told = (await events()).filter((event) => event.kind === 'job.missed');
  assert.deepEqual(told.map((event) => [event.data.job, event.data.runsNow]).toSorted(), [['late', true], ['lost', false]]);
});

test('a paused job is not due, nor missed, and is due again when it is resumed', async () => {
  await world.call('job.pause', of('lost'));
  assert.equal((await stateOf('lost')).nextAt, null);
  await world.call('project.apply', { config: config({ jobs: { ...jobs, lost: { ...jobs.lost, cron: '* * * * *' } } }) });
  assert.deepEqual([(await stateOf('lost')).nextAt, (await stateOf('lost')).state], [null, 'paused']);
  const resumed = await world.call('job.resume', of('lost'));
  assert.ok(resumed.nextAt! > Date.now() - 1000 && resumed.nextAt! <= Date.now() + 61_000);
  await until(async () => (await history('lost')).some(({ trigger, status }) => trigger === 'schedule' && status === 'succeeded'), 75_000);
  const [ended] = (await history('lost')).filter(({ status }) => status === 'succeeded');
  assert.equal(ended!.dueAt, resumed.nextAt);
  await world.call('project.apply', { config: config() });
});

test('a hostile or impossible job is refused by the daemon itself', async () => {
  for (const job of [{ cron: '0 0 30 2 *', run: 'x' }, { cron: '99 * * * *', run: 'x' }, { cron: '* * * * *; reboot', run: 'x' }, { cron: '0 3 * * *', timeZone: 'Mars/Olympus', run: 'x' }, { cron: '0 3 * * *', run: '  ' }, { cron: '0 3 * * *', run: 'x', environments: ['nowhere'] }, { cron: `${'1,'.repeat(80)}1 * * * *`, run: 'x'.repeat(10) , timeout: '30d' }]) {
    await assert.rejects(world.call('project.apply', { config: config({ jobs: { bad: job } }) }), { code: 'CONFIG_INVALID' }, JSON.stringify(job));
  }
});

test('an environment without a release has nothing due; the project takes its jobs along when it goes', async () => {
  const [minute] = await world.call('job.list', { project: 'shop', environment: 'test' }).then((all) => all.filter(({ name }) => name === 'minute'));
  assert.deepEqual([minute?.nextAt, minute?.last, minute?.state], [null, null, 'waiting']);
  await assert.rejects(world.call('job.run', { project: 'shop', environment: 'test', job: 'minute' }), { code: 'CONFLICT' });
  const { id } = await world.call('job.run', of('replaced'));
  await until(async () => (await startOf('replaced', id)).status === 'running');
  await world.call('project.remove', { project: 'shop', data: true });
  await until(async () => (await listContainers(engine(), { role: 'job' })).length === 0);
  assert.deepEqual(await world.call('job.list', { project: 'shop' }), []);
});

function engine() {
  return openEngine({ instance: world.instance });
}

function changeState(sql: string): void {
  const database = new DatabaseSync(join(world.directory, 'data', 'state.db'));
  database.exec(sql);
  database.close();
}

const history = (job: string): Promise<JobRunRecord[]> => world.call('job.history', { ...of(job), limit: 100 });
const stateOf = async (job: string) => (await world.call('job.list', { project: 'shop', environment: 'production' })).find(({ name }) => name === job)!;
const startOf = async (job: string, id: number) => (await history(job)).find((run) => run.id === id)!;
const events = () => world.call('events.list', { after: 0, limit: 1000 });

async function runToEnd(job: string): Promise<JobRunRecord> {
  return endOf(job, (await world.call('job.run', of(job))).id);
}

async function endOf(job: string, id: number): Promise<JobRunRecord> {
  await until(async () => isJobRunOver((await startOf(job, id)).status));
  return startOf(job, id);
}

async function logOf(job: string, start: number): Promise<string> {
  let text = '';
  for (let offset = 0; ; ) {
    const part = await world.call('job.log', { ...of(job), start, offset });
    text += Buffer.from(part.data, 'base64').toString();
    if (part.nextOffset >= part.totalBytes) return text;
    offset = part.nextOffset;
  }
}

async function until(isTrue: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await isTrue()); ) {
    assert.ok(Date.now() < end, `It did not come true within ${timeoutMs} ms: ${isTrue.toString()}\n${world.daemonLog().slice(-3000)}`);
    await delay(100);
  }
}

async function waitForRun(run: number) {
  for (;;) {
    const details = await world.call('run.show', { run });
    if (details.finishedAt !== null) return details;
    await delay(100);
  }
}

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isJobRunOver, type JobRunRecord } from '@redcontrol/contract';
import { jobTransitions, listContainers, openEngine } from '@redcontrol/daemon';
import { stringify } from 'yaml';
import { sampleApp } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';

/** The app counts how often each attempt of each start ran: the job asks it to. */
const counter = `import { createServer } from 'node:http';
const counts = {};
createServer((request, response) => {
  if (request.method === 'POST') counts[request.url] = (counts[request.url] ?? 0) + 1;
  response.end(JSON.stringify(counts));
}).listen(Number(process.env.PORT ?? 3000));
process.on('SIGTERM', () => process.exit(0));
`;
const count = `node -e 'fetch("http://web:3000/" + process.env.REDCONTROL_JOB_START + "/" + process.env.REDCONTROL_JOB_ATTEMPT, { method: "POST" }).then(() => console.log("counted"))'`;

let world: World;
let port: number;

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  const origin = await world.repository('shop', sampleApp('v1', { 'server.js': counter }));
  port = await world.freePort();
  await world.call('project.apply', {
    config: stringify({
      project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' }, pipeline: [],
      environments: { production: { deploy: { branch: 'main', tag: 'v*' }, port, watch: '500ms', drain: '1s' } },
      jobs: {
        well: { cron: '0 0 29 2 *', run: count },
        failing: { cron: '0 0 29 2 *', run: `${count}; exit 4`, retries: 1 },
        long: { cron: '0 0 29 2 *', run: `${count}; sleep 600` },
      },
    }),
  });
  const run = await world.call('deploy', { project: 'shop', environment: 'production', ref: 'main' });
  await until(async () => (await world.call('run.show', { run: run.id })).status === 'succeeded');
});
after(() => world.close());

for (const transition of jobTransitions) {
  for (const moment of ['before', 'after'] as const) {
    test(`killed ${moment} ${transition}: each time is started once, each attempt runs once, and has its one true end`, async () => {
      const job = transition === 'job.retried' ? 'failing' : transition === 'job.cancelling' ? 'long' : 'well';
      const before = await history(job);
      await world.kill('SIGTERM');
      makeDue(job, transition === 'job.missed' ? 7_200_000 : 500);
      await world.start({ REDCONTROL_KILL_AT: `${transition}:${moment}` });
      if (transition === 'job.cancelling') {
        await until(async () => (await newOf(job, before))[0]?.status === 'running');
        await world.call('job.cancel', of(job)).catch(() => {});
      }
      await world.ended();
      await world.start();
      // Killed before the wish to cancel was written, the job runs on: the wish is told again.
      if (transition === 'job.cancelling' && moment === 'before') await world.call('job.cancel', of(job));
      await until(async () => {
        const starts = await newOf(job, before);
        return starts.length > 0 && starts.every(({ status }) => isJobRunOver(status));
      });

      const starts = await newOf(job, before);
      assert.equal(starts.length, 1, JSON.stringify(starts));
      const wanted = transition === 'job.missed' ? 'missed' : { well: 'succeeded', failing: 'failed', long: 'cancelled' }[job];
      assert.equal(starts[0]!.status, wanted, JSON.stringify(starts[0]));
      const counts = (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as Record<string, number>;
      const mine = Object.entries(counts).filter(([path]) => path.startsWith(`/${starts[0]!.id}/`));
      const expected = wanted === 'missed' ? [] : Array.from({ length: starts[0]!.attempt }, (_, index) => [`/${starts[0]!.id}/${index + 1}`, 1]);
      assert.deepEqual(mine, expected);
      if (wanted !== 'missed') await assertLog(starts[0]!);
      await until(async () => (await listContainers(openEngine({ instance: world.instance }), { role: 'job' })).length === 0);
    });
  }
}

test('of all those failures one is told, and no missed time twice', async () => {
  const events = await world.call('events.list', { after: 0, limit: 1000 });
  assert.deepEqual(events.filter(({ kind }) => kind.startsWith('job.')).map(({ kind }) => kind).toSorted(), ['job.failed', 'job.missed', 'job.missed']);
});

const of = (job: string) => ({ project: 'shop', environment: 'production', job });
const history = (job: string): Promise<JobRunRecord[]> => world.call('job.history', { ...of(job), limit: 100 });

async function newOf(job: string, before: readonly JobRunRecord[]): Promise<JobRunRecord[]> {
  const known = new Set(before.map(({ id }) => id));
  return (await history(job)).filter(({ id }) => !known.has(id));
}

/** Whatever the daemon died of, the log has each line of each attempt once. */
async function assertLog({ job, id, attempt, logBytes }: JobRunRecord): Promise<void> {
  const { data, totalBytes } = await world.call('job.log', { ...of(job), start: id, offset: 0 });
  assert.equal(totalBytes, logBytes);
  assert.equal(Buffer.from(data, 'base64').toString().split('counted\n').length - 1, attempt);
}

function makeDue(job: string, agoMs: number): void {
  const database = new DatabaseSync(join(world.directory, 'data', 'state.db'));
  database.prepare('UPDATE jobs SET next_at = ? WHERE name = ?').run(Date.now() - agoMs, job);
  database.close();
}

async function until(isTrue: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await isTrue().catch(() => false)); ) {
    assert.ok(Date.now() < end, `It did not come true within ${timeoutMs} ms: ${isTrue.toString()}\n${world.daemonLog().slice(-3000)}`);
    await delay(100);
  }
}

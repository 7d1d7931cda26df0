import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { createWorld, type World } from '../test/world/world.ts';
import { percentile } from './measure.ts';
import type { Bench } from './row.ts';
import { smallApp } from './small-app.ts';

const jobs = 500;
const place = { project: 'shop', environment: 'production' };
const deadlineMs = 840_000;

export const bench: Bench = {
  title: '500 jobs due in the same minute',
  about: 'One app with 500 jobs that are due in the same minute, each a command that ends at once in a container of its own, ten at a time (the default). How late each begins, whether all ran and none twice. How long the last one waits is how long this machine takes to start and remove 500 containers, ten at a time.',
  async run() {
    const world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
    try {
      const port = await world.freePort();
      const origin = await world.repository('shop', smallApp);
      const apply = (due: Date) => world.call('project.apply', { config: stringify({
        project: 'shop', repository: origin.url, framework: 'dockerfile', images: { source: 'debian' }, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' }, pipeline: [],
        processes: { web: { memory: '64M' } }, environments: { production: { deploy: { branch: 'main', tag: 'v*' }, port, watch: '200ms', drain: '100ms' } },
        jobs: Object.fromEntries(Array.from({ length: jobs }, (_, index) => [`job-${index}`, { cron: `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`, timeZone: 'UTC', run: 'true' }])),
      }) });
      await apply(new Date(Date.now() - 600_000));
      await deployed(world);
      const due = new Date(Math.ceil((Date.now() + 15_000) / 60_000) * 60_000);
      await apply(due);
      const ends = await allEnds(world, due.getTime());
      const late = ends.map(({ dueAt, startedAt }) => startedAt! - dueAt).toSorted((a, b) => a - b);
      return [
        { name: `lost, failed or run twice, of ${jobs}`, unit: 'jobs', value: jobs - ends.filter(({ status }) => status === 'succeeded').length, target: { atMost: 0 }, runs: 1 },
        { name: 'the first begins after', unit: 'ms', value: late[0]!, target: { atMost: 2000 }, runs: 1 },
        { name: 'half have begun after', unit: 's', value: percentile(late, 50) / 1000, runs: 1 },
        { name: 'the last begins after', unit: 's', value: late.at(-1)! / 1000, runs: 1 },
      ];
    } finally {
      await world.close();
    }
  },
};

async function deployed(world: World): Promise<void> {
  const { id } = await world.call('deploy', { ...place, ref: 'main' });
  for (;;) {
    const { finishedAt, status, error } = await world.call('run.show', { run: id });
    if (finishedAt !== null && status !== 'succeeded') throw new Error(`Expected the app to be live: ${JSON.stringify(error)}`);
    if (finishedAt !== null) return;
    await delay(300);
  }
}

/** The one end of each job that was due then. Throws where one ran twice. */
async function allEnds(world: World, dueAt: number) {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const states = await world.call('job.list', place);
    if (states.every(({ last, open }) => open === 0 && last !== null && last.dueAt === dueAt && last.finishedAt !== null)) break;
    if (Date.now() > until) break;
    await delay(2000);
  }
  const ends = [];
  for (let index = 0; index < jobs; index += 1) {
    const runs = (await world.call('job.history', { ...place, job: `job-${index}`, limit: 10 })).filter((run) => run.dueAt === dueAt);
    if (runs.length > 1) throw new Error(`Expected job-${index} to run once, it ran ${runs.length} times`);
    ends.push(...runs.filter(({ startedAt }) => startedAt !== null));
  }
  return ends;
}

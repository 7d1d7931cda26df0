import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { daemonMemory } from '@redcontrol/control';
import { stringify } from 'yaml';
import { createWorld, type World } from '../test/world/world.ts';
import { figuresCost } from './figures-cost.ts';
import { processUse, sharePercent } from './process-use.ts';
import type { Bench, BenchRow } from './row.ts';
import { smallApp } from './small-app.ts';

const apps = 20;
const settleMs = 30_000;
const measureMs = 60_000;
const deadlineMs = 600_000;

export const bench: Bench = {
  title: '20 apps with 40 processes',
  about:
    'One server with 20 projects, each with a web and a worker process of a few MB, all live, nothing to do; the bundled daemon, started as the installer starts it. Resident memory and processor share, of one processor, are those of the daemon over 60 s, with all that it measures. The full picture after a restart: from the start of the killed daemon\'s successor until it tells of all 20 environments that they are up. The cost of figures: what taking and keeping one sample of these 40 containers takes, as a share of the 15 s between two, and the file that a day of such samples makes.',
  async run() {
    const world = await createWorld({ REDCONTROL_WARM_COUNT: '0', REDCONTROL_MIN_POLL_MS: '5000', MALLOC_ARENA_MAX: String(daemonMemory.arenas) }, { program: join(import.meta.dirname, '../dist/redcontrol-daemon.mjs'), nodeFlags: daemonMemory.nodeFlags });
    const directory = await mkdtemp(join(tmpdir(), 'redcontrol-bench-'));
    try {
      await deployAll(world);
      await delay(settleMs);
      const before = await processUse(world.daemonPid());
      await delay(measureMs);
      const after = await processUse(world.daemonPid());
      const figures = await figuresCost(world.instance, join(directory, 'metrics.db'));
      return [
        { name: 'resident', unit: 'MB', value: after.residentMb, target: { atMost: 110 }, runs: 1 },
        { name: 'processor, the daemon itself', unit: '%', value: sharePercent(after.ownTicks - before.ownTicks, measureMs), target: { atMost: 1 }, runs: 1 },
        { name: 'processor, with git', unit: '%', value: sharePercent(after.allTicks - before.allTicks, measureMs), runs: 1 },
        await pictureAfterRestart(world),
        { name: `figures: processor, of ${figures.containers} containers`, unit: '%', value: figures.percent, target: { atMost: 0.3 }, runs: figures.samples },
        { name: 'figures: file after the first day', unit: 'MB', value: figures.dayMb, runs: 1 },
      ];
    } finally {
      await world.close();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function deployAll(world: World): Promise<void> {
  const origin = await world.repository('app', smallApp);
  const until = Date.now() + deadlineMs;
  const runs: number[] = [];
  for (let index = 1; index <= apps; index += 1) {
    await world.call('project.apply', {
      config: stringify({
        project: `app-${index}`, repository: origin.url, framework: 'dockerfile', images: { source: 'debian' }, servers: { main: { host: '127.0.0.1' } }, pipeline: [],
        processes: { web: { memory: '64M' }, worker: { run: 'exec sleep 1000000', memory: '64M' } },
        environments: { production: { deploy: { branch: 'main', tag: 'v*' }, port: await world.freePort(), watch: '200ms', drain: '100ms' } },
      }),
    });
    runs.push((await world.call('deploy', { project: `app-${index}`, environment: 'production', ref: 'main' })).id);
  }
  for (const run of runs) {
    for (;;) {
      const { finishedAt, status, error } = await world.call('run.show', { run });
      if (finishedAt !== null && status !== 'succeeded') throw new Error(`Expected run ${run} to succeed: ${JSON.stringify(error)}\n${world.daemonLog().slice(-2000)}`);
      if (finishedAt !== null) break;
      if (Date.now() > until) throw new Error(`Expected ${apps} apps within ${deadlineMs} ms`);
      await delay(300);
    }
  }
}

async function pictureAfterRestart(world: World): Promise<BenchRow> {
  const times: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    await world.kill('SIGKILL');
    const startedAt = performance.now();
    await world.start();
    for (;;) {
      const projects = await world.call('project.list', {});
      if (projects.length === apps && projects.every(({ environments }) => environments.every(({ health }) => health === 'up'))) break;
      await delay(20);
    }
    times.push(performance.now() - startedAt);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return { name: 'full picture after a kill', unit: 'ms', value: sorted[1]!, spread: { min: sorted[0]!, max: sorted[2]! }, target: { atMost: 5000 }, runs: times.length };
}

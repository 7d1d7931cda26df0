import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { sharedMachines, testLimits } from '../test/machine/shared-machines.ts';
import type { TestRepository } from '../test/world/repository.ts';
import { sampleApp, setVersion } from '../test/world/sample-app.ts';
import { createWorld, type World } from '../test/world/world.ts';
import { measurePaired } from './measure.ts';
import { rowOf, type Bench } from './row.ts';

const pairs = 3;
const patienceMs = 600_000;

export const bench: Bench = {
  title: 'A push in virtual machines',
  about: 'From `git push` until the new version answers, tests and image included, for the same small Node app: in virtual machines (one of the run, made ready before, and that of the environment), and as the floor in containers, in the same run.',
  async run() {
    const world = await createWorld({ REDCONTROL_MACHINES_DIRECTORY: await sharedMachines() });
    try {
      const machines = await applyShop(world, 'vm');
      const containers = await applyShop(world, 'container');
      const live = await measurePaired({ warmup: 0, runs: pairs, subject: (run) => pushToLive(world, machines, `v${run}`), floor: (run) => pushToLive(world, containers, `v${run}`) });
      return [rowOf({ name: 'push → new version answers, in machines', unit: 'ms', measured: live })];
    } finally {
      for (const project of ['shop-vm', 'shop-container']) await world.call('project.remove', { project, data: true }).catch(() => {});
      await world.close();
    }
  },
};

interface Shop {
  project: string;
  origin: TestRepository;
  port: number;
}

async function applyShop(world: World, isolation: 'vm' | 'container'): Promise<Shop> {
  const project = `shop-${isolation}`;
  const origin = await world.repository(project, sampleApp('v0'));
  const port = await world.freePort();
  await world.call('project.apply', {
    config: stringify({
      project, repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' }, isolation, limits: testLimits, pipeline: ['test'],
      processes: { web: { memory: '128M', health: { timeout: '5m' } } }, environments: { production: { deploy: { branch: 'main' }, port, drain: '1s', watch: '1s' } },
    }),
  });
  await verdict(world, project, await origin.git('rev-parse', 'HEAD'));
  return { project, origin, port };
}

async function pushToLive(world: World, { project, origin, port }: Shop, version: string): Promise<number> {
  const startMs = performance.now();
  const commit = await origin.push(setVersion(version));
  const ended = verdict(world, project, commit);
  const answers = untilAnswers(`http://127.0.0.1:${port}/`, version);
  await Promise.race([answers, ended.then(() => answers)]);
  const elapsedMs = performance.now() - startMs;
  await ended;
  // What is made ready for the next push is no part of this one.
  await delay(5_000);
  return elapsedMs;
}

async function verdict(world: World, project: string, commit: string): Promise<void> {
  const run = await world.verdict(project, commit, patienceMs);
  if (run.status !== 'succeeded') throw new Error(`run ${run.id} of ${project}: ${JSON.stringify(run.error)}`);
}

async function untilAnswers(url: string, version: string): Promise<void> {
  for (const until = Date.now() + patienceMs; Date.now() < until; await delay(20)) {
    if ((await fetch(url).then((response) => response.text(), () => '')) === version) return;
  }
  throw new Error(`Expected ${url} to answer ${version}`);
}

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { daemonMemory } from '@redcontrol/control';
import { stringify } from 'yaml';
import { sampleApp } from '../test/world/sample-app.ts';
import { createWorld, type World } from '../test/world/world.ts';
import { processUse, sharePercent } from './process-use.ts';
import type { BenchRow, Bench } from './row.ts';

const settleMs = 20_000;
const measureMs = 60_000;

export const bench: Bench = {
  title: 'The daemon at rest',
  about:
    'The bundled daemon, started as the installer starts it, following 1 and then 100 projects at the default interval, nothing to do. Resident memory is that of its process; the processor share is that of the process and of the git processes it waits for, over 60 s, of one processor.',
  async run() {
    const world = await createWorld({ REDCONTROL_WARM_COUNT: '0', REDCONTROL_MIN_POLL_MS: '5000', MALLOC_ARENA_MAX: String(daemonMemory.arenas) }, { program: join(import.meta.dirname, '../dist/redcontrol-daemon.mjs'), nodeFlags: daemonMemory.nodeFlags });
    try {
      const origin = await world.repository('shop', sampleApp('v1'));
      await apply(world, 'shop', origin.url);
      const one = await atRest(world);
      for (let index = 1; index < 100; index += 1) await apply(world, `shop-${index}`, origin.url);
      const hundred = await atRest(world);
      return [...rows('1 project', one, { residentMb: 80, cpuPercent: 0.5 }), ...rows('100 projects', hundred, { residentMb: 110, cpuPercent: 0.5 })];
    } finally {
      await world.close();
    }
  },
};

function apply(world: World, project: string, repository: string) {
  return world.call('project.apply', { config: stringify({ project, repository, servers: { main: { host: '127.0.0.1' } }, environments: { production: { deploy: { branch: 'nothing' } } } }) });
}

async function atRest(world: World): Promise<{ residentMb: number; cpuPercent: number; daemonOnlyPercent: number }> {
  await delay(settleMs);
  const before = await processUse(world.daemonPid());
  await delay(measureMs);
  const after = await processUse(world.daemonPid());
  return { residentMb: after.residentMb, cpuPercent: sharePercent(after.allTicks - before.allTicks, measureMs), daemonOnlyPercent: sharePercent(after.ownTicks - before.ownTicks, measureMs) };
}

function rows(name: string, rest: Awaited<ReturnType<typeof atRest>>, target: { residentMb: number; cpuPercent: number }): BenchRow[] {
  return [
    { name: `${name}: resident`, unit: 'MB', value: rest.residentMb, target: { atMost: target.residentMb }, runs: 1 },
    { name: `${name}: processor, the daemon itself`, unit: '%', value: rest.daemonOnlyPercent, target: { atMost: target.cpuPercent }, runs: 1 },
    { name: `${name}: processor, with git`, unit: '%', value: rest.cpuPercent, runs: 1 },
  ];
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { daemonMemory } from '@redcontrol/control';
import { stringify } from 'yaml';
import { sampleApp } from '../test/world/sample-app.ts';
import { createWorld, type World } from '../test/world/world.ts';
import type { BenchRow, Bench } from './row.ts';

const settleMs = 20_000;
const measureMs = 60_000;
const clockTicksPerSecond = 100;

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
  const before = await usage(world.daemonPid());
  await delay(measureMs);
  const after = await usage(world.daemonPid());
  const percent = (ticks: number) => (100 * ticks) / clockTicksPerSecond / (measureMs / 1000);
  return { residentMb: after.residentMb, cpuPercent: percent(after.allTicks - before.allTicks), daemonOnlyPercent: percent(after.ownTicks - before.ownTicks) };
}

async function usage(pid: number): Promise<{ residentMb: number; ownTicks: number; allTicks: number }> {
  const [stat, status] = [await readFile(`/proc/${pid}/stat`, 'utf8'), await readFile(`/proc/${pid}/status`, 'utf8')];
  // proc(5): utime, stime, cutime, cstime are fields 14 to 17; the name in field 2 may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
  const [user, system, childUser, childSystem] = fields.slice(11, 15) as [number, number, number, number];
  return { residentMb: Number(/^VmRSS:\s+(\d+)/m.exec(status)![1]) / 1024, ownTicks: user + system, allTicks: user + system + childUser + childSystem };
}

function rows(name: string, rest: Awaited<ReturnType<typeof atRest>>, target: { residentMb: number; cpuPercent: number }): BenchRow[] {
  return [
    { name: `${name}: resident`, unit: 'MB', value: rest.residentMb, target: { atMost: target.residentMb }, runs: 1 },
    { name: `${name}: processor, the daemon itself`, unit: '%', value: rest.daemonOnlyPercent, target: { atMost: target.cpuPercent }, runs: 1 },
    { name: `${name}: processor, with git`, unit: '%', value: rest.cpuPercent, runs: 1 },
  ];
}

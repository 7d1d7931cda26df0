import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from '@redcontrol/system';
import type { RunEnvironment } from '../packages/daemon/src/environment/index.ts';
import { launchPlainCopy, savePlainState } from '../test/machine/plain-resume.ts';
import { createMachineWorld, type MachineWorld } from '../test/machine/machine-world.ts';
import { measure, measurePaired, summarize } from './measure.ts';
import { rowOf, type Bench } from './row.ts';

const pairs = 5;
const mebibyte = 1024 ** 2;

export const bench: Bench = {
  title: 'Virtual machines of runs',
  about:
    'A Node toolchain in a machine of 1.25 GiB and 2 processors. Warm start: from asking for a place until the first output of a step in it, the machine’s start, its own network, new identity, engine and container included; its floor is QEMU’s own resume of the same machine from a state that holds its memory (start of QEMU until the guest answers a line). Memory and disk: what one more idle machine takes, as proportional set size and as its own disk files.',
  async run() {
    const world = await createMachineWorld();
    try {
      const place = await world.place();
      const plain = await savePlainState(world, place);
      await place.dispose();
      const start = await measurePaired({ warmup: 1, runs: pairs, subject: () => untilStep(world), floor: () => launchPlainCopy(world, plain) });
      const idle = await measureIdle(world);
      return [
        rowOf({ name: 'warm start → first output of a step', unit: 'ms', measured: start, target: { ratioAtMost: 1.3 } }),
        rowOf({ name: 'memory of an idle machine', unit: 'MiB', measured: idle.memory }),
        rowOf({ name: 'disk of an idle machine', unit: 'MiB', measured: idle.disk }),
        rowOf({ name: 'a step that does nothing, in a machine', unit: 'ms', measured: idle.step }),
      ];
    } finally {
      await world.close();
    }
  },
};

async function untilStep(world: MachineWorld): Promise<number> {
  const startMs = performance.now();
  const place = await world.place();
  try {
    await place.sendTree();
    await world.step(place, 'echo first');
    return performance.now() - startMs;
  } finally {
    await place.dispose();
  }
}

async function measureIdle(world: MachineWorld) {
  const places: RunEnvironment[] = [await world.place(), await world.place(), await world.place()];
  const memory: number[] = [];
  const disk: number[] = [];
  for (const place of places) {
    const directory = place.engine.socketPath.replace(/\/engine\.sock$/, '');
    const pid = (await readFile(join(directory, 'pid'), 'utf8')).trim();
    memory.push(Number(/^Pss:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024);
    disk.push(Number((await runToEnd('du', ['-sB1', directory])).stdout.split('\t')[0]) / mebibyte);
  }
  const step = await measure({ warmup: 1, runs: pairs, task: async () => void (await world.step(places[0]!, 'true')) });
  for (const place of places) await place.dispose();
  return { memory: summarize(memory), disk: summarize(disk), step };
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from '@redcontrol/system';
import { execInContainer } from '../packages/daemon/src/engine/index.ts';
import type { RunEnvironment } from '../packages/daemon/src/environment/index.ts';
import { launchPlainCopy, savePlainState } from '../test/machine/plain-resume.ts';
import { createMachineWorld, type MachineWorld } from '../test/machine/machine-world.ts';
import { sampleApp } from '../test/world/sample-app.ts';
import { measurePaired, summarize } from './measure.ts';
import { rowOf, type Bench } from './row.ts';

const pairs = 5;
const mebibyte = 1024 ** 2;

export const bench: Bench = {
  title: 'Virtual machines of runs',
  about:
    'A Node toolchain in a machine of 1.25 GiB and 2 processors. Warm start: from asking for a place until the first output of a step in it with the files of a small app, the machine’s start, its own network, new identity, engine and container included; its floor is QEMU’s own resume of the same machine from a state that holds its memory (start of QEMU until the guest answers a line). A machine that stands ready is what a push finds after a run, while memory lasts: sending the files and the first step. One more step: a step that does nothing; its floor is `docker exec … true` on the same machine’s engine. Memory and disk: what one more idle machine takes, as proportional set size and as its own disk files.',
  async run() {
    const world = await createMachineWorld();
    try {
      const place = await world.place();
      const plain = await savePlainState(world, place);
      await place.dispose();
      const start = await measurePaired({ warmup: 1, runs: pairs, subject: () => untilStep(world), floor: () => launchPlainCopy(world, plain) });
      const ready = await measureReady(world);
      const idle = await measureIdle(world);
      return [
        rowOf({ name: 'warm start → first output of a step', unit: 'ms', measured: start, target: { ratioAtMost: 1.3 } }),
        rowOf({ name: 'a machine that stands ready → first output of a step', unit: 'ms', measured: ready }),
        rowOf({ name: 'memory of an idle machine', unit: 'MiB', measured: idle.memory }),
        rowOf({ name: 'disk of an idle machine', unit: 'MiB', measured: idle.disk }),
        rowOf({ name: 'one more step, in a machine', unit: 'ms', measured: idle.step, target: { ratioAtMost: 0.5 } }),
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
    await firstStep(world, place);
    return performance.now() - startMs;
  } finally {
    await place.dispose();
  }
}

/** Places of a run as the pool keeps them after the run before. */
async function measureReady(world: MachineWorld) {
  const figures: number[] = [];
  for (let run = 0; run < pairs; run += 1) {
    const place = await world.place();
    const startMs = performance.now();
    await firstStep(world, place);
    figures.push(performance.now() - startMs);
    await place.dispose();
  }
  return summarize(figures);
}

async function firstStep(world: MachineWorld, place: RunEnvironment): Promise<void> {
  for (const [name, text] of Object.entries(sampleApp('v1'))) await writeFile(join(place.treeDirectory, name), text);
  await place.sendTree();
  const { output } = await world.step(place, 'ls package.json');
  if (output !== 'package.json\n') throw new Error(`Expected the step to see the files, got ${output}`);
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
  const container = await places[0]!.container();
  const step = await measurePaired({
    warmup: 1, runs: pairs,
    subject: async () => void (await world.step(places[0]!, 'true')),
    floor: async () => void (await execInContainer(places[0]!.engine, { container, command: ['true'], onOutput: () => {} })),
  });
  for (const place of places) await place.dispose();
  return { memory: summarize(memory), disk: summarize(disk), step };
}

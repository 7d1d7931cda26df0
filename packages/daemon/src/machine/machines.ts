import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { imageExists, type Engine } from '../engine/index.ts';
import { readAcceleration, readQemuVersion } from './acceleration.ts';
import { assertMemoryRoom } from './memory-room.ts';
import { ensureMachineImage, isCurrent, makeMachineImage, newestImage, type ImageWatcher, type MachineImage } from './image/ensure-machine-image.ts';
import { machineRecipe } from './image/machine-recipe.ts';
import { removeOldImages } from './image/remove-old-images.ts';
import { createDeployedMachines, type DeployedMachines } from './deployed-machines.ts';
import { removeMachine } from './launch-machine.ts';
import type { Machine } from './machine.ts';
import { prepareServer } from './network/prepare-server.ts';
import { resumeMachine } from './resume-machine.ts';
import { makeWarmState, readWarmState, removeOldStates, warmStateKey, type WarmState, type WarmStateWish } from './warm-state.ts';

/** What a run wants of its virtual machine. */
export interface RunMachineWish {
  memoryBytes: number;
  cpus: number;
  /** Room for images, containers and the working tree in it. */
  diskBytes: number;
  /** References on the server's engine. */
  images: readonly string[];
  preparation: WarmStateWish['preparation'];
}

export interface RunMachine {
  machine: Machine;
  /** What the preparation gave. */
  prepared: unknown;
}

export interface Machines {
  /**
   * A fresh machine, copied from a saved state that is made first where there is none (minutes, once). Its `end` removes
   * all of it. Throws SERVER_UNSUPPORTED without QEMU, LIMIT_REACHED without memory for it, ENGINE_UNAVAILABLE.
   */
  forRun(wish: RunMachineWish, options: ImageWatcher): Promise<RunMachine>;
  /** The system that machines start from, made where there is none or it is out of date. */
  image(watcher: ImageWatcher): Promise<MachineImage>;
  /** Makes a new image when the one that is there is too old, and removes states and images that nothing uses. */
  keepCurrent(watcher: ImageWatcher): Promise<void>;
  /** Machines in which deployed apps live. */
  deployed: DeployedMachines;
  /** Ends machines of runs that a daemon which was killed left behind. */
  removeLeftRuns(): Promise<void>;
}

export interface MachinesOptions {
  /** Images, states and disks lie under it. */
  directory: string;
  /** Where images and states lie instead, for several daemons to share them. */
  sharedDirectory?: string;
  instance: string;
  /** The server's own engine, from which images come. */
  engine: Engine;
}

/** The one that is tested; the other is a word here. */
const guestSuite = 'bookworm';

/** Makes nothing and starts nothing until it is asked. */
export function createMachines(options: MachinesOptions): Machines {
  const shared = options.sharedDirectory ?? options.directory;
  const systems = join(shared, 'images');
  const states = join(shared, 'states');
  const runs = join(options.directory, 'runs');
  const deployed = join(options.directory, 'deployed');
  const making = new Map<string, Promise<WarmState>>();

  const image = async (watcher: ImageWatcher) => ensureMachineImage(systems, machineRecipe(guestSuite), watcher);
  const stateOf = async (wish: WarmStateWish, watcher: ImageWatcher) => {
    const known = await readWarmState(states, wish);
    if (known) return known;
    const key = warmStateKey(wish);
    const underWay = making.get(key);
    if (underWay) return underWay;
    const made = makeWarmState(states, wish, { source: options.engine, ...watcher }).finally(() => making.delete(key));
    making.set(key, made);
    return made;
  };

  return {
    image,
    deployed: createDeployedMachines({
      directory: deployed, instance: options.instance, source: options.engine, image,
      async prepare() {
        await requireQemu();
        await prepareServer();
      },
    }),
    async forRun(wish, watcher) {
      await assertMemoryRoom(wish.memoryBytes);
      const [qemuVersion, acceleration, ids] = await Promise.all([
        requireQemu(), readAcceleration(), Promise.all(wish.images.map(async (reference) => [reference, (await imageExists(options.engine, reference)) ?? ''] as const)), prepareServer(),
      ]);
      const state = await stateOf({ ...wish, images: Object.fromEntries(ids), image: await image(watcher), acceleration, qemuVersion, instance: options.instance }, watcher);
      return { machine: await resumeMachine(runs, state, { instance: options.instance, ...watcher }), prepared: state.prepared };
    },
    async keepCurrent(watcher) {
      const recipe = machineRecipe(guestSuite);
      const newest = await newestImage(systems, recipe);
      if (newest && !isCurrent(newest, Date.now())) await makeMachineImage(systems, recipe, watcher);
      await removeOldStates(states, Date.now());
      const kept = (await newestImage(systems, recipe))?.id;
      await removeOldImages({ imagesDirectory: systems, kept: kept === undefined ? [] : [kept], diskDirectories: [states, runs, deployed], nowMs: Date.now() });
    },
    async removeLeftRuns() {
      for (const name of await readdir(runs).catch(() => [])) await removeMachine(join(runs, name));
      await removeOldStates(states, Date.now());
    },
  };
}

async function requireQemu(): Promise<string> {
  const version = await readQemuVersion();
  if (version) return version;
  throw new RedControlError('SERVER_UNSUPPORTED', 'Expected QEMU for `isolation: vm`, it is not installed', { hint: 'Run `redcontrol server install` again: it installs qemu-system-x86, or use `isolation: container`.' });
}

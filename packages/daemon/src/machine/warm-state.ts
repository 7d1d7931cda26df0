import { access, mkdir, mkdtemp, readdir, rename, rm, stat, statfs, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readIfExists, runOrThrow } from '@redcontrol/system';
import type { Engine } from '../engine/index.ts';
import { recipeHash } from '../images/index.ts';
import type { MachineImage } from './image/ensure-machine-image.ts';
import { giveBackNetwork, removeMachine, takeNetwork, workingMemory } from './launch-machine.ts';
import { attachMachine, emptyDisk, machineUser, overlayDisk, startMachine, type Machine, type MachineSettings, type MachineSize } from './machine.ts';
import { makeMachineKeys, type MachineKeys } from './machine-keys.ts';
import { makeDataDiskOf } from './make-data-disk.ts';
import { saveImages } from './save-images.ts';
import { connectQmp } from './qemu/qmp.ts';
import type { Acceleration } from './qemu/qemu-arguments.ts';
import { saveState } from './qemu/saved-state.ts';
import { writeSeedDisk } from './seed-disk.ts';

/** A machine that was stopped in the middle, to be copied: its disks, its memory and what its devices were doing. */
export interface WarmState {
  key: string;
  directory: string;
  image: MachineImage;
  keys: MachineKeys;
  size: MachineSize;
  acceleration: Acceleration;
  /** What the preparation gave: names of what runs in the machine. */
  prepared: unknown;
}

export interface WarmStateWish extends MachineSize {
  image: MachineImage;
  acceleration: Acceleration;
  qemuVersion: string;
  diskBytes: number;
  instance: string;
  /** Images on the server's engine that the machine is to have: reference → id. */
  images: Readonly<Record<string, string>>;
  /** What is done in the machine before it is saved, named by a text that changes with it. */
  preparation: { name: string; run(machine: Machine): Promise<unknown> };
}

/** A boot takes 2 to 4 s with KVM, half a minute and more without. */
const bootTimeoutMs = 600_000;
const loadTimeoutMs = 1_800_000;

/** States not used for this long are removed. */
const maxIdleMs = 14 * 24 * 3_600_000;

/** Name of a state: the same wish finds it again, anything else makes another. Pure. */
export function warmStateKey(wish: Omit<WarmStateWish, 'preparation'> & { preparation: { name: string } }): string {
  return recipeHash([
    'v2', wish.image.id, wish.acceleration, wish.qemuVersion, wish.memoryBytes, wish.cpus, wish.diskBytes, Object.entries(wish.images).toSorted(), wish.preparation.name,
  ]);
}

/** The state if it was made already. */
export async function readWarmState(statesDirectory: string, wish: WarmStateWish): Promise<WarmState | undefined> {
  const key = warmStateKey(wish);
  const directory = join(statesDirectory, key);
  const text = await readIfExists(join(directory, 'state.json'));
  if (text === undefined) return undefined;
  await utimes(directory, new Date(), new Date());
  const { keys, prepared } = JSON.parse(text) as { keys: MachineKeys; prepared: unknown };
  return { key, directory, image: wish.image, keys, prepared, acceleration: wish.acceleration, size: { memoryBytes: wish.memoryBytes, cpus: wish.cpus } };
}

/** Boots a machine, brings the images into it, prepares it and saves it. */
export async function makeWarmState(
  statesDirectory: string,
  wish: WarmStateWish,
  options: { source: Engine; onOutput: (text: string) => void; signal?: AbortSignal },
): Promise<WarmState> {
  const { onOutput, signal } = options;
  await mkdir(statesDirectory, { recursive: true, mode: 0o711 });
  const directory = await mkdtemp(join(statesDirectory, 'making-'));
  await writeFile(join(directory, 'owner'), String(process.pid));
  const startedAtMs = Date.now();
  let machine: Machine | undefined;
  const network = await takeNetwork();
  try {
    onOutput(`Starting a virtual machine (${wish.acceleration === 'kvm' ? 'KVM' : 'in software: this takes long'})\n`);
    const settings = await stateSettings(directory, wish, { source: options.source, network, signal, onOutput });
    await startMachine(settings);
    machine = await attachMachine(settings, { timeoutMs: bootTimeoutMs, ...(signal ? { signal } : {}) });
    onOutput(`It answers after ${seconds(startedAtMs)} s\n`);
    if (settings.disks.images !== undefined) {
      await machine.ask(`load ${(await stat(settings.disks.images)).size}`, { timeoutMs: loadTimeoutMs, ...(signal ? { signal } : {}) });
      onOutput(`It has its images after ${seconds(startedAtMs)} s\n`);
    }
    const prepared = await wish.preparation.run(machine);
    await machine.ask('sync', { timeoutMs: 120_000 });
    const qmp = await connectQmp(join(directory, 'qmp.sock'), { timeoutMs: 10_000 });
    await saveState({ qmp, directory, file: join(directory, 'device-state'), user: machineUser });
    qmp.close();
    await machine.end();
    await keepMemory(settings, join(directory, 'memory'));
    await rm(join(directory, 'images.tar'), { force: true });
    await writeFile(join(directory, 'state.json'), JSON.stringify({ keys: settings.keys, prepared }), { mode: 0o600 });
    await rename(directory, join(statesDirectory, warmStateKey(wish)));
    onOutput(`Saved it after ${seconds(startedAtMs)} s: runs start from here\n`);
    return (await readWarmState(statesDirectory, wish))!;
  } catch (error) {
    await machine?.detach();
    await removeMachine(directory);
    giveBackNetwork(network);
    throw error;
  }
}

async function stateSettings(directory: string, wish: WarmStateWish, from: StateSources): Promise<MachineSettings> {
  const keys = await makeMachineKeys();
  const disks = { root: join(directory, 'root.qcow2'), data: join(directory, 'data.qcow2'), seed: '', images: undefined as string | undefined };
  let memoryFile = '';
  await allSettled([
    overlayDisk(disks.root, { file: wish.image.rootDisk, format: 'raw' }),
    writeSeedDisk(directory, { keys, network: undefined }).then((seed) => (disks.seed = seed)),
    makeImagesDisk(directory, wish, from).then((images) => (disks.images = images)),
    makeMemoryFile(directory, Math.ceil(wish.memoryBytes / 1024 ** 2) * 1024 ** 2).then((file) => (memoryFile = file)),
  ]);
  return {
    name: `state-${directory.slice(-6)}`, instance: wish.instance, directory, network: from.network, acceleration: wish.acceleration, image: wish.image,
    memoryBytes: wish.memoryBytes, cpus: wish.cpus, disks, memory: { kind: 'shared', file: memoryFile }, keys, waitsForState: false, serves: 'run',
  };
}

/** In memory where there is room, else where it is kept in the end. */
async function makeMemoryFile(directory: string, bytes: number): Promise<string> {
  const inMemory = workingMemory(directory);
  const { bavail, bsize } = await statfs(dirname(inMemory));
  const file = bavail * bsize > bytes ? inMemory : join(directory, 'memory');
  await writeFile(file, '', { mode: 0o600 });
  await truncate(file, bytes);
  return file;
}

async function keepMemory({ memory }: MachineSettings, target: string): Promise<void> {
  if (memory.kind === 'own' || memory.file === target) return;
  await runOrThrow('cp', ['--sparse=always', '--', memory.file, target]);
  await rm(memory.file);
}

interface StateSources {
  source: Engine;
  network: MachineSettings['network'];
  signal: AbortSignal | undefined;
  onOutput: (text: string) => void;
}

/** Makes the data's disk with the images in it; where that cannot be done here, an empty one, and the archive is what the machine loads. */
async function makeImagesDisk(directory: string, wish: WarmStateWish, { source, signal, onOutput }: StateSources): Promise<string | undefined> {
  const data = join(directory, 'data.qcow2');
  if (Object.keys(wish.images).length === 0) {
    await emptyDisk(data, wish.diskBytes);
    return undefined;
  }
  const references = Object.keys(wish.images);
  try {
    await makeDataDiskOf({ source, references, directory, bytes: wish.diskBytes, ...(signal ? { signal } : {}) });
    await overlayDisk(data, { file: 'data.img', format: 'raw' });
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    onOutput(`Images are unpacked in the machine itself, which takes longer: ${(error as Error).message}\n`);
    const archive = join(directory, 'images.tar');
    await Promise.all([emptyDisk(data, wish.diskBytes), saveImages(source, references, archive, signal)]);
    return archive;
  }
}

/** Throws the first error only when nothing of it writes any more, so that the folder can be removed. */
async function allSettled(parts: readonly (Promise<unknown> | undefined)[]): Promise<void> {
  const failed = (await Promise.allSettled(parts)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Removes states that nothing has used for two weeks, and what a daemon that has ended left half made. */
export async function removeOldStates(statesDirectory: string, nowMs: number): Promise<void> {
  for (const name of await readdir(statesDirectory).catch(() => [])) {
    const directory = join(statesDirectory, name);
    const isHalfMade = name.startsWith('making-');
    const isOver = isHalfMade ? !(await isOwned(directory)) : nowMs - (await stat(directory)).mtimeMs > maxIdleMs;
    if (isOver) await removeMachine(directory);
  }
}

async function isOwned(directory: string): Promise<boolean> {
  const owner = Number(await readIfExists(join(directory, 'owner')));
  return owner > 0 && (await access(`/proc/${owner}`).then(() => true, () => false));
}

function seconds(sinceMs: number): string {
  return ((Date.now() - sinceMs) / 1000).toFixed(1);
}

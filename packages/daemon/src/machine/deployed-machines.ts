import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@redcontrol/system';
import { openEngine, type Engine } from '../engine/index.ts';
import { readAcceleration } from './acceleration.ts';
import type { ImageWatcher, MachineImage } from './image/ensure-machine-image.ts';
import { claimNetwork, endMachine, machinePid, makeMachineFolder, removeMachine, takeNetwork } from './launch-machine.ts';
import { attachMachine, emptyDisk, machineUser, overlayDisk, startMachine, unitName, type Machine, type MachineSettings, type MachineSize } from './machine.ts';
import { makeDataDiskOf } from './make-data-disk.ts';
import { makeMachineKeys, type MachineKeys } from './machine-keys.ts';
import { assertMemoryRoom } from './memory-room.ts';
import { machineNetwork } from './network/addresses.ts';
import { writeSeedDisk } from './seed-disk.ts';
import { shutDownMachine } from './shut-down-machine.ts';

/** Whose machine it is. */
export interface MachineOwner {
  project: string;
  environment: string;
}

/** Machines in which deployed apps live: one for each environment, with its data on a disk of its own. */
export interface DeployedMachines {
  /** Reads which there are; nothing is started. To be called before anything else. */
  load(): Promise<void>;
  /** The engine of an environment's machine, running or not; undefined where the environment has none. */
  engineOf(owner: MachineOwner): Engine | undefined;
  owners(): MachineOwner[];
  /** Makes the machine where there is none, starts it where it does not run, and waits until its engine answers. */
  ensure(owner: MachineOwner, wish: DeployedWish, watcher: ImageWatcher): Promise<Engine>;
  /** Starts again what should run and does not, as it was; asked while it does so, it is the same. Errors are told, not thrown. */
  revive(watcher: ImageWatcher): Promise<void>;
  /** Shuts a machine down; its data stays unless `data` says otherwise. */
  remove(owner: MachineOwner, options: { data: boolean }): Promise<void>;
  /** Lets go of all machines, which go on running. */
  close(): Promise<void>;
}

export interface DeployedWish extends MachineSize {
  /** Images of the server's engine that a new machine has from the beginning. */
  baseImages(): Promise<string[]>;
}

interface Recorded extends MachineOwner, MachineSize {
  index: number;
  keys: MachineKeys;
  /** Whether it should run. */
  wanted: boolean;
}

interface Known {
  record: Recorded;
  directory: string;
  engine: Engine;
  /** The running machine, and its process: another one of the same machine has to be met anew. */
  machine: (Machine & { pid: number | undefined }) | undefined;
}

const bootTimeoutMs = 600_000;
/** Takes room on the server only as it fills. */
const dataBytes = 64 * 1024 ** 3;

export interface DeployedOptions {
  directory: string;
  instance: string;
  /** The server's own engine. */
  source: Engine;
  image(watcher: ImageWatcher): Promise<MachineImage>;
  /** Called before a machine is started: what the server needs for it. Throws when it cannot run machines. */
  prepare(): Promise<void>;
}

export function createDeployedMachines(options: DeployedOptions): DeployedMachines {
  const known = new Map<string, Known>();
  let turn: Promise<unknown> = Promise.resolve();
  let reviving: Promise<void> | undefined;
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = turn.catch(() => {}).then(task);
    turn = result;
    return result;
  };

  const remember = (record: Recorded): Known => {
    const directory = join(options.directory, folderName(record));
    const engine = openEngine({ name: machineName(record), socketPath: join(directory, 'engine.sock'), instance: options.instance, addresses: 'of-engine' });
    const one = { record, directory, engine, machine: undefined };
    known.set(key(record), one);
    claimNetwork(record.index);
    return one;
  };
  const start = (one: Known, watcher: ImageWatcher) => startKnown(one, options, watcher);

  return {
    async load() {
      for (const name of await readdir(options.directory).catch(() => [])) {
        const text = await readFile(join(options.directory, name, 'deployed.json'), 'utf8').catch(() => undefined);
        if (text !== undefined) remember(JSON.parse(text) as Recorded);
      }
    },
    engineOf: (owner) => known.get(key(owner))?.engine,
    owners: () => [...known.values()].map(({ record: { project, environment } }) => ({ project, environment })),
    ensure: (owner, { baseImages, ...size }, watcher) => inTurn(async () => {
      const one = known.get(key(owner)) ?? remember(await create({ ...owner, ...size }, await baseImages(), options, watcher));
      if (!one.record.wanted || size.memoryBytes > one.record.memoryBytes || size.cpus > one.record.cpus) {
        Object.assign(one.record, { wanted: true, memoryBytes: Math.max(size.memoryBytes, one.record.memoryBytes), cpus: Math.max(size.cpus, one.record.cpus) });
        await writeRecord(one);
        if (await machinePid(one.directory)) watcher.onOutput('The machine gets its new size when it starts the next time.\n');
      }
      await start(one, watcher);
      return one.engine;
    }),
    revive(watcher) {
      reviving ??= inTurn(async () => {
        for (const one of known.values()) {
          if (!one.record.wanted) continue;
          await start(one, watcher).catch((error: unknown) => watcher.onOutput(`the machine of ${key(one.record)} does not start: ${(error as Error).message}\n`));
        }
      }).finally(() => (reviving = undefined));
      return reviving;
    },
    remove: (owner, { data }) => inTurn(async () => {
      const one = known.get(key(owner));
      if (!one) return;
      one.record.wanted = false;
      await writeRecord(one);
      await stop(one, options.instance, { data });
      if (!data) return;
      known.delete(key(owner));
      await removeMachine(one.directory);
    }),
    async close() {
      await turn.catch(() => {});
      for (const one of known.values()) await one.machine?.detach();
    },
  };
}

async function create(wish: MachineOwner & MachineSize, images: readonly string[], options: DeployedOptions, watcher: ImageWatcher): Promise<Recorded> {
  const directory = join(options.directory, folderName(wish));
  // What a daemon that was killed in the middle left: without its record it never was a machine.
  await rm(directory, { recursive: true, force: true });
  await makeMachineFolder(directory, machineUser);
  const { index } = await takeNetwork();
  const record: Recorded = { ...wish, index, keys: await makeMachineKeys(), wanted: true };
  await makeData(directory, images, options, watcher);
  await writeSeedDisk(directory, { keys: record.keys, network: machineNetwork(index) });
  await writeFileAtomic(join(directory, 'deployed.json'), JSON.stringify(record));
  return record;
}

/** The images are unpacked on the server; where that cannot be done, they are sent when they are needed. */
async function makeData(directory: string, images: readonly string[], options: DeployedOptions, watcher: ImageWatcher): Promise<void> {
  const data = join(directory, 'data.qcow2');
  try {
    const signal = watcher.signal ? { signal: watcher.signal } : {};
    await makeDataDiskOf({ source: options.source, references: images, directory, bytes: dataBytes, ...signal });
    await overlayDisk(data, { file: 'data.img', format: 'raw' });
  } catch (error) {
    watcher.signal?.throwIfAborted();
    watcher.onOutput(`Images are unpacked in the machine itself, which takes longer: ${(error as Error).message}\n`);
    await emptyDisk(data, dataBytes);
  }
}

async function writeRecord({ record, directory }: Known): Promise<void> {
  await writeFileAtomic(join(directory, 'deployed.json'), JSON.stringify(record));
}

/** Boots it from the newest system, or finds it running; the system's disk is new at each boot, the data's stays. */
async function startKnown(one: Known, options: DeployedOptions, watcher: ImageWatcher): Promise<void> {
  const { record, directory } = one;
  const pid = await machinePid(directory);
  if (pid !== undefined && one.machine?.pid === pid) return;
  await one.machine?.detach();
  one.machine = undefined;
  const network = machineNetwork(record.index);
  const name = machineName(record);
  const shared = { name, instance: options.instance, directory, network, keys: record.keys };
  if (pid === undefined) {
    await options.prepare();
    await assertMemoryRoom(record.memoryBytes);
    await endMachine({ directory, network, unit: unitName(shared) });
    const image = await options.image(watcher);
    const root = join(directory, 'root.qcow2');
    await rm(root, { force: true });
    await overlayDisk(root, { file: image.rootDisk, format: 'raw' });
    const settings: MachineSettings = {
      ...shared, acceleration: await readAcceleration(), image, memoryBytes: record.memoryBytes, cpus: record.cpus,
      disks: { root, data: join(directory, 'data.qcow2'), seed: join(directory, 'seed.img'), images: undefined },
      memory: { kind: 'own' }, waitsForState: false, serves: 'app',
    };
    watcher.onOutput(`Starting the virtual machine of ${record.environment} (${settings.acceleration === 'kvm' ? 'KVM' : 'in software, without KVM: slow'})\n`);
    await startMachine(settings);
  }
  const machine = await attachMachine(shared, { timeoutMs: bootTimeoutMs, ...(watcher.signal ? { signal: watcher.signal } : {}) });
  one.machine = { ...machine, pid: await machinePid(directory) };
}

/** What is about to be removed needs no proper end. */
async function stop(one: Known, instance: string, options: { data: boolean }): Promise<void> {
  const { directory, record } = one;
  await one.machine?.detach();
  one.machine = undefined;
  const machine = { directory, network: machineNetwork(record.index), unit: unitName({ name: machineName(record), instance }) };
  if (options.data) await endMachine(machine);
  else await shutDownMachine(machine);
}

function key({ project, environment }: MachineOwner): string {
  return `${project}--${environment}`;
}

/** Name of the machine and of its unit. */
function machineName(owner: MachineOwner): string {
  return key(owner);
}

/** Short: paths of unix sockets end at 107 bytes. */
function folderName(owner: MachineOwner): string {
  return createHash('sha256').update(key(owner)).digest('hex').slice(0, 12);
}

import { randomBytes } from 'node:crypto';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { readIfExists, runOrThrow } from '@redcontrol/system';
import { openCommandRunner, openEngine, type Engine, type OpenRunner } from '../engine/index.ts';
import { qemuProgram } from './acceleration.ts';
import { relayEngine } from './engine-relay.ts';
import type { MachineImage } from './image/ensure-machine-image.ts';
import { endMachine, giveBackNetwork, launchMachine, makeMachineFolder } from './launch-machine.ts';
import type { MachineKeys } from './machine-keys.ts';
import { enginePort, type MachineNetwork } from './network/addresses.ts';
import { connectAgent } from './qemu/guest-agent-client.ts';
import { connectWhenThere } from './qemu/qmp.ts';
import { rememberMachine } from './take-image.ts';
import { overheadBytes, qemuArguments, type Acceleration, type MachineDisks, type MachineMemory } from './qemu/qemu-arguments.ts';

/** A running virtual machine. */
export interface Machine {
  name: string;
  directory: string;
  network: MachineNetwork;
  /** Its Docker Engine, as any other. */
  engine: Engine;
  /** One line to the guest's agent, its answer back. */
  ask(line: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<string>;
  /** The end of what the agent's `steps` has started, in this machine or in the one that it is a copy of. */
  openRunner(): Promise<OpenRunner>;
  /** Leaves the machine running and forgets it. */
  detach(): Promise<void>;
  /** Ends it at once, as pulling the plug; its folder stays. */
  end(): Promise<void>;
}

export interface MachineSize {
  memoryBytes: number;
  cpus: number;
}

export interface MachineSettings extends MachineSize {
  name: string;
  instance: string;
  directory: string;
  network: MachineNetwork;
  acceleration: Acceleration;
  image: MachineImage;
  disks: MachineDisks;
  memory: MachineMemory;
  keys: MachineKeys;
  waitsForState: boolean;
  serves: 'run' | 'app';
}

/** Whom a machine's process becomes: nobody on the server, and not the user of steps and apps either. */
export const machineUser = { uid: 10_002, gid: 10_002 } as const;

export function unitName(settings: Pick<MachineSettings, 'name' | 'instance'>): string {
  return `redcontrol-vm-${settings.instance === 'default' ? '' : `${settings.instance}-`}${settings.name}`;
}

/** Starts the machine's process; attachMachine waits for what is in it. */
export async function startMachine(settings: MachineSettings): Promise<void> {
  await makeMachineFolder(settings.directory, machineUser);
  await launchMachine({
    unit: unitName(settings), directory: settings.directory, network: settings.network, niceness: settings.serves === 'run' ? 10 : 0, serves: settings.serves,
    maxMemoryBytes: settings.memoryBytes + overheadBytes(settings.acceleration), cpus: settings.cpus,
    qemu: [qemuProgram, ...qemuArguments({
      ...settings, cpus: Math.max(1, Math.ceil(settings.cpus)), kernel: settings.image.kernel, initrd: settings.image.initrd, user: machineUser, machineId: randomBytes(16).toString('hex'),
    })],
  });
}

export interface AttachOptions {
  /** How long the guest may take until its agent answers, its boot included. */
  timeoutMs: number;
  signal?: AbortSignal;
  /** Told to the agent before anything else: makes a copy of a saved state a machine of its own. */
  fresh?: boolean;
}

/** Waits until the machine's agent answers and opens its engine. Throws ENGINE_UNAVAILABLE with the end of what QEMU said. */
export async function attachMachine(settings: Pick<MachineSettings, 'name' | 'instance' | 'directory' | 'network' | 'keys'>, options: AttachOptions): Promise<Machine> {
  const { directory, network, name } = settings;
  const rest = { timeoutMs: options.timeoutMs, ...(options.signal ? { signal: options.signal } : {}) };
  try {
    const agent = await connectAgent(join(directory, 'agent.sock'), { ...rest, timeoutMs: Math.min(options.timeoutMs, socketTimeoutMs) });
    const relay = await relayEngine({ socketPath: join(directory, 'engine.sock'), address: network.outerAddress, port: enginePort, keys: settings.keys });
    agent.onEnd(relay.drop);
    const detach = async () => {
      agent.close();
      await relay.close();
    };
    try {
      await agent.ask(options.fresh ? freshLine(name) : 'ping', rest);
    } catch (error) {
      await detach();
      throw error;
    }
    const machine: Machine = {
      name, directory, network, ask: agent.ask, detach,
      openRunner: async () => openCommandRunner(await connectWhenThere(join(directory, 'step.sock'), { timeoutMs: socketTimeoutMs })),
      engine: openEngine({ name, socketPath: relay.socketPath, instance: settings.instance }),
      async end() {
        await detach();
        await endMachine({ directory, network, unit: unitName(settings) });
        giveBackNetwork(network);
      },
    };
    rememberMachine(machine);
    return machine;
  } catch (error) {
    options.signal?.throwIfAborted();
    const said = (await readIfExists(join(directory, 'log')))?.trim().slice(-1000);
    throw new RedControlError('ENGINE_UNAVAILABLE', `Expected the virtual machine ${name} to come up within ${options.timeoutMs / 1000} s, it did not: ${said || (error as Error).message}`, { cause: error });
  }
}

const socketTimeoutMs = 60_000;

function freshLine(name: string): string {
  return `fresh ${(Date.now() / 1000).toFixed(3)} ${randomBytes(64).toString('hex')} ${randomBytes(16).toString('hex')} ${name}`;
}

/** A disk whose content is that of `backing` until it is written to. QEMU opens it again when it is somebody else already. */
export async function overlayDisk(file: string, backing: { file: string; format: 'raw' | 'qcow2' }): Promise<void> {
  await runOrThrow('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', backing.format, '-b', backing.file, file], { timeoutMs: 60_000 });
  await chown(file, machineUser.uid, machineUser.gid);
}

/** An empty disk that takes room on the server as it fills, up to `bytes`. */
export async function emptyDisk(file: string, bytes: number): Promise<void> {
  await runOrThrow('qemu-img', ['create', '-q', '-f', 'qcow2', file, String(bytes)], { timeoutMs: 60_000 });
  await chown(file, machineUser.uid, machineUser.gid);
}

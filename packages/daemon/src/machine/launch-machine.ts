import { access, chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RedControlError } from '@redcontrol/contract';
import { readIfExists, runOrThrow, runToEnd, spawnProcess } from '@redcontrol/system';
import { machineEndScript, machineScript, machineStopScript } from './machine-script.ts';
import { gatewayAddress, guestAddress, linkPrefix, machineNetwork, maxMachines, type MachineNetwork } from './network/addresses.ts';
import { machineRules } from './network/machine-rules.ts';
import { readResolver, readServerNetworks } from './network/read-server-networks.ts';

export interface MachineProcess {
  /** Name of its unit where systemd is. */
  unit: string;
  directory: string;
  network: MachineNetwork;
  qemu: readonly string[];
  /** How much less urgent than what serves people: 0 for an app, more for runs. */
  niceness: number;
  /** Upper limit in processors, where systemd is. */
  cpus: number;
  /** Upper limit where systemd is: the machine's memory and QEMU's own. */
  maxMemoryBytes: number;
  /** `app`: it goes on for as long as the server does, comes back after it died, and is shut down properly. */
  serves: 'run' | 'app';
}

/** How long the machine of an app has to end its containers and to write everything to its disk, before it is ended. */
export const shutdownMs = 90_000;

/** Starts the machine's process outside of the daemon: it goes on when the daemon ends. Comes back at once. */
export async function launchMachine(machine: MachineProcess): Promise<void> {
  const { directory, network } = machine;
  const rules = machineRules({ network, resolver: await readResolver(), serverNetworks: await readServerNetworks() });
  await writeFile(join(directory, 'machine.json'), JSON.stringify({ index: network.index, unit: machine.unit } satisfies Recorded));
  await writeFile(join(directory, 'rules'), rules);
  await writeFile(join(directory, 'start.sh'), machineScript);
  await writeFile(join(directory, 'end.sh'), machineEndScript);
  await writeFile(join(directory, 'stop.sh'), machineStopScript);
  const command = [
    'nice', '-n', String(machine.niceness), 'choom', '-n', String(machine.niceness * 50), '--',
    'sh', join(directory, 'start.sh'), directory, network.namespace, network.link, network.hostAddress, network.outerAddress, gatewayAddress, guestAddress, network.pool,
    ...machine.qemu,
  ];
  const log = join(directory, 'log');
  if (!(await hasSystemd())) {
    const child = spawnProcess('sh', ['-c', 'exec "$@" > "$0" 2>&1', log, ...command], { stdout: 'ignore', stderr: 'ignore' });
    child.unref();
    child.on('error', () => {});
    return;
  }
  await runToEnd('systemctl', ['reset-failed', machine.unit]);
  await runOrThrow('systemd-run', [
    `--unit=${machine.unit}`, '--description=A virtual machine of RedControl', '--collect', '--quiet', `--property=StandardOutput=truncate:${log}`,
    `--property=CPUQuota=${Math.round(machine.cpus * 100)}%`,
    `--property=MemoryMax=${machine.maxMemoryBytes}`,
    '--property=TasksMax=256', '--property=KillMode=mixed', `--property=TimeoutStopSec=${shutdownMs / 1000}`,
    ...(machine.serves === 'app' ? appProperties(directory) : []),
    `--property=ExecStopPost=/bin/sh ${join(directory, 'end.sh')} ${network.namespace} ${network.link}`,
    '--', ...command,
  ]);
}

/** An end that nobody asked for is one of the process, and restarted here; one from inside of the machine is the daemon's to look at. */
export function appProperties(directory: string): string[] {
  return [
    `--property=ExecStop=/bin/sh ${join(directory, 'stop.sh')} ${directory}`,
    '--property=Restart=on-failure', '--property=RestartSec=2', '--property=StartLimitIntervalSec=300', '--property=StartLimitBurst=5',
  ];
}

/** Kills the machine's process, as pulling the plug, and takes its network down. Safe when it is gone. */
export async function endMachine(machine: Pick<MachineProcess, 'directory' | 'network' | 'unit'>): Promise<void> {
  const pid = await machinePid(machine.directory);
  if (pid !== undefined) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
    for (let waits = 0; waits < 500 && (await machinePid(machine.directory)) !== undefined; waits += 1) await delay(10);
  }
  await runEndScript(machine);
}

interface Recorded {
  index: number;
  unit: string;
}

/** Ends the machine that a folder belongs to, whoever started it, and removes the folder with its disks. */
export async function removeMachine(directory: string): Promise<void> {
  const text = await readIfExists(join(directory, 'machine.json'));
  if (text !== undefined) {
    const { index, unit } = JSON.parse(text) as Recorded;
    await endMachine({ directory, network: machineNetwork(index), unit });
    taken.delete(index);
  }
  await rm(workingMemory(directory), { force: true });
  await rm(directory, { recursive: true, force: true });
}

/** Where the memory of a machine that is about to be saved lies: on a disk, every write of the machine would be one of the disk. */
export function workingMemory(directory: string): string {
  return join('/dev/shm', `redcontrol-${basename(directory)}`);
}

/** In the unit's place where systemd is: the daemon itself may not change the server's network there. */
async function runEndScript({ directory, network, unit }: Pick<MachineProcess, 'directory' | 'network' | 'unit'>): Promise<void> {
  const end = ['sh', join(directory, 'end.sh'), network.namespace, network.link];
  if (await hasSystemd()) {
    await runToEnd('systemctl', ['stop', unit], { timeoutMs: shutdownMs + 10_000 });
    return;
  }
  await runToEnd('sh', end.slice(1), { timeoutMs: 20_000 });
}

/** Process id of the machine in this folder, if it runs. A number that another process has by now does not count. */
export async function machinePid(directory: string): Promise<number | undefined> {
  const pid = Number((await readIfExists(join(directory, 'pid')))?.trim());
  if (!pid) return undefined;
  const command = await readIfExists(`/proc/${pid}/cmdline`).catch(() => undefined);
  const state = /^State:\s+(\S)/m.exec((await readIfExists(`/proc/${pid}/status`).catch(() => '')) ?? '')?.[1];
  return command?.includes(directory) && state !== 'Z' ? pid : undefined;
}

const taken = new Set<number>();

/** A number that no machine of this server has, held until it is given back. Throws LIMIT_REACHED when there is none. */
export async function takeNetwork(from: { first: number; last: number } = { first: 1, last: maxMachines }): Promise<MachineNetwork> {
  const links = new Set(await readdir('/sys/class/net'));
  const start = Math.floor(Math.random() * maxMachines);
  for (let step = 0; step < maxMachines; step += 1) {
    const index = ((start + step) % maxMachines) + 1;
    if (index < from.first || index > from.last || taken.has(index) || links.has(`${linkPrefix}${index}`)) continue;
    taken.add(index);
    return machineNetwork(index);
  }
  throw new RedControlError('LIMIT_REACHED', `Expected at most ${maxMachines} virtual machines on a server, all numbers are taken`);
}

/** Keeps the number of a machine that there is already. */
export function claimNetwork(index: number): void {
  taken.add(index);
}

export function giveBackNetwork(network: MachineNetwork): void {
  taken.delete(network.index);
}

export async function hasSystemd(): Promise<boolean> {
  return access('/run/systemd/system').then(() => true, () => false);
}

/** The folder of a machine, which its process may make sockets in and nobody else may enter. */
export async function makeMachineFolder(directory: string, user: { uid: number; gid: number }): Promise<void> {
  // Its process has to get through those above.
  await mkdir(dirname(directory), { recursive: true, mode: 0o711 });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chown(directory, user.uid, user.gid);
}

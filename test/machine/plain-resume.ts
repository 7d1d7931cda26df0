import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEnvironment } from '../../packages/daemon/src/environment/index.ts';
import { readAcceleration, qemuProgram } from '../../packages/daemon/src/machine/acceleration.ts';
import { newestImage } from '../../packages/daemon/src/machine/image/ensure-machine-image.ts';
import { machineRecipe } from '../../packages/daemon/src/machine/image/machine-recipe.ts';
import { machineUser, overlayDisk } from '../../packages/daemon/src/machine/machine.ts';
import { connectAgent } from '../../packages/daemon/src/machine/qemu/guest-agent-client.ts';
import { qemuArguments } from '../../packages/daemon/src/machine/qemu/qemu-arguments.ts';
import { connectQmp } from '../../packages/daemon/src/machine/qemu/qmp.ts';
import { loadState, saveState } from '../../packages/daemon/src/machine/qemu/saved-state.ts';
import { killTree, runOrThrow, spawnProcess } from '@redcontrol/system';
import type { MachineWorld } from './machine-world.ts';
import { sharedMachines } from './shared-machines.ts';

/** A machine saved as QEMU does by itself: all of its memory in the state. */
export interface PlainState {
  directory: string;
  memoryBytes: number;
  cpus: number;
}

/** Saves a running place that way; it stands still afterwards. */
export async function savePlainState(world: MachineWorld, place: RunEnvironment): Promise<PlainState> {
  const machine = place.engine.socketPath.replace(/\/engine\.sock$/, '');
  const directory = join(world.directory, 'plain');
  await mkdir(directory, { recursive: true });
  const qmp = await connectQmp(join(machine, 'qmp.sock'), { timeoutMs: 10_000 });
  await saveState({ qmp, directory: machine, file: join(directory, 'state'), user: machineUser, memoryIn: 'state' });
  const { 'base-memory': memoryBytes } = (await qmp.run('query-memory-size-summary')) as { 'base-memory': number };
  const cpus = ((await qmp.run('query-cpus-fast')) as unknown[]).length;
  qmp.close();
  for (const name of ['root.qcow2', 'data.qcow2']) await copyFile(join(machine, name), join(directory, name));
  return { directory, memoryBytes, cpus };
}

let copies = 0;

/** Milliseconds from the start of QEMU until the guest answers. */
export async function launchPlainCopy(world: MachineWorld, state: PlainState): Promise<number> {
  const directory = join(world.directory, `plain-${(copies += 1)}`);
  await mkdir(directory, { mode: 0o711 });
  await runOrThrow('chown', [`${machineUser.uid}:${machineUser.gid}`, directory]);
  const disks = { root: join(directory, 'root.qcow2'), data: join(directory, 'data.qcow2'), seed: join(directory, 'seed.img'), images: undefined };
  await runOrThrow('truncate', ['-s', '2M', disks.seed]);
  await overlayDisk(disks.root, { file: join(state.directory, 'root.qcow2'), format: 'qcow2' });
  await overlayDisk(disks.data, { file: join(state.directory, 'data.qcow2'), format: 'qcow2' });
  const image = (await newestImage(join(await sharedMachines(), 'images'), machineRecipe('bookworm')))!;
  const args = qemuArguments({
    directory, acceleration: await readAcceleration(), memoryBytes: state.memoryBytes, cpus: state.cpus, kernel: image.kernel, initrd: image.initrd,
    disks, memory: { kind: 'own' }, waitsForState: true, user: machineUser, machineId: '0'.repeat(32),
  });
  const startMs = performance.now();
  const child = spawnProcess('nice', ['-n', '10', 'unshare', '--net', '--', qemuProgram, ...args], { stdout: 'ignore', stderr: 'inherit' });
  try {
    const qmp = await connectQmp(join(directory, 'qmp.sock'), { timeoutMs: 60_000 });
    await loadState({ qmp, directory, file: join(state.directory, 'state'), user: machineUser, memoryIn: 'state' });
    const agent = await connectAgent(join(directory, 'agent.sock'), { timeoutMs: 10_000 });
    await agent.ask('ping', { timeoutMs: 120_000 });
    agent.close();
    qmp.close();
    return performance.now() - startMs;
  } finally {
    killTree(child);
    await rm(directory, { recursive: true, force: true });
  }
}

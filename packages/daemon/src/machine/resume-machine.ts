import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { asRedControlError, RedControlError } from '@redcontrol/contract';
import { readIfExists } from '@redcontrol/system';
import type { ImageWatcher } from './image/ensure-machine-image.ts';
import { giveBackNetwork, makeMachineFolder, removeMachine, takeNetwork } from './launch-machine.ts';
import { attachMachine, machineUser, overlayDisk, startMachine, type Machine, type MachineSettings } from './machine.ts';
import { connectQmp } from './qemu/qmp.ts';
import { loadState } from './qemu/saved-state.ts';
import type { WarmState } from './warm-state.ts';

/** How long a copy may take from its start until its agent answers. */
const resumeTimeoutMs = 120_000;

/** Another process on this server may take the same network number in the same moment, and QEMU may fail: a new one is as good. */
const maxTries = 2;

export interface ResumeOptions extends ImageWatcher {
  instance: string;
}

/** A machine that exists for one run: `end` removes it with all that was in it. Throws ENGINE_UNAVAILABLE, CANCELLED. */
export async function resumeMachine(runsDirectory: string, state: WarmState, options: ResumeOptions): Promise<Machine> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await resumeOnce(runsDirectory, state, options);
    } catch (thrown) {
      const error = asRedControlError(thrown);
      if (error.code !== 'ENGINE_UNAVAILABLE' || tries >= maxTries) throw thrown;
      options.onOutput(`${error.message}. Trying once more.\n`);
    }
  }
}

async function resumeOnce(runsDirectory: string, state: WarmState, options: ResumeOptions): Promise<Machine> {
  const id = randomBytes(5).toString('hex');
  const directory = join(runsDirectory, id);
  const network = await takeNetwork();
  const settings: MachineSettings = {
    name: `run-${id}`, instance: options.instance, directory, network, acceleration: state.acceleration, image: state.image, ...state.size,
    disks: { root: join(directory, 'root.qcow2'), data: join(directory, 'data.qcow2'), seed: join(state.directory, 'seed.img'), images: undefined },
    memory: { kind: 'copy', file: join(state.directory, 'memory') }, keys: state.keys, waitsForState: true, serves: 'run',
  };
  const remove = async () => {
    await removeMachine(directory);
    giveBackNetwork(network);
  };
  try {
    await makeMachineFolder(directory, machineUser);
    await Promise.all([
      overlayDisk(settings.disks.root, { file: join(state.directory, 'root.qcow2'), format: 'qcow2' }),
      overlayDisk(settings.disks.data, { file: join(state.directory, 'data.qcow2'), format: 'qcow2' }),
    ]);
    await startMachine(settings);
    const qmp = await connectQmp(join(directory, 'qmp.sock'), { timeoutMs: resumeTimeoutMs, ...(options.signal ? { signal: options.signal } : {}) });
    await loadState({ qmp, directory, file: join(state.directory, 'device-state'), user: machineUser });
    qmp.close();
    const machine = await attachMachine(settings, { timeoutMs: resumeTimeoutMs, fresh: true, ...(options.signal ? { signal: options.signal } : {}) });
    return {
      ...machine,
      async end() {
        await machine.detach();
        await remove();
      },
    };
  } catch (error) {
    const said = (await readIfExists(join(directory, 'log')))?.trim().slice(-1000);
    await remove();
    options.signal?.throwIfAborted();
    throw new RedControlError('ENGINE_UNAVAILABLE', `Expected a virtual machine to go on from its saved state, it did not: ${said || (error as Error).message}`, { cause: error });
  }
}

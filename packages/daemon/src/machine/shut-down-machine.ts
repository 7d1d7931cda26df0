import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endMachine, machinePid, shutdownMs, type MachineProcess } from './launch-machine.ts';
import { connectWhenThere } from './qemu/qmp.ts';

const socketTimeoutMs = 1_000;

/**
 * Lets a machine shut down by itself, at most for `shutdownMs`, then ends what is left of it. Safe when it is gone.
 * Answers whether it ended by itself.
 */
export async function shutDownMachine(machine: Pick<MachineProcess, 'directory' | 'network' | 'unit'>): Promise<boolean> {
  const { directory } = machine;
  const isGone = async () => (await machinePid(directory)) === undefined;
  if (!(await isGone())) {
    const power = await connectWhenThere(join(directory, 'power.sock'), { timeoutMs: socketTimeoutMs }).catch(() => undefined);
    power?.write('off\n');
    // The word waits in the socket where the guest is still starting.
    for (const until = Date.now() + shutdownMs; power && !(await isGone()) && Date.now() < until; ) await delay(100);
    power?.destroy();
  }
  const endedByItself = await isGone();
  await endMachine(machine);
  return endedByItself;
}

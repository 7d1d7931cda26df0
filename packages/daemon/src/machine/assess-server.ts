import { availableParallelism, totalmem } from 'node:os';
import { formatBytes } from '@redcontrol/contract';
import { readAcceleration, readQemuVersion } from './acceleration.ts';
import { readAvailableBytes } from './memory-room.ts';
import type { Acceleration } from './qemu/qemu-arguments.ts';

/** What a server has for virtual machines. */
export interface MachineFacts {
  qemuVersion: string | null;
  /** null where there is no QEMU to try it with. */
  acceleration: Acceleration | null;
  memoryTotalBytes: number;
  memoryAvailableBytes: number;
  cpus: number;
}

export async function assessServer(): Promise<MachineFacts> {
  const qemuVersion = (await readQemuVersion()) ?? null;
  return {
    qemuVersion, acceleration: qemuVersion === null ? null : await readAcceleration(),
    memoryTotalBytes: totalmem(), memoryAvailableBytes: await readAvailableBytes(), cpus: availableParallelism(),
  };
}

/** What speaks against a machine of this size here, with the numbers; undefined where nothing does. Pure. */
export function machineWarning(facts: MachineFacts, size: { memoryBytes: number; cpus: number }): string | undefined {
  const found: string[] = [];
  if (facts.qemuVersion === null) found.push('this server cannot run it: QEMU is not installed (package qemu-system-x86; `redcontrol server install` brings it)');
  if (size.memoryBytes > facts.memoryAvailableBytes) {
    found.push(`it needs ${formatBytes(size.memoryBytes)} of memory, the server has ${formatBytes(facts.memoryAvailableBytes)} available of ${formatBytes(facts.memoryTotalBytes)}`);
  }
  if (facts.acceleration === 'tcg') found.push('the server has no usable KVM: the machine is emulated in software, 10 to 30 times slower at computing');
  return found.length === 0 ? undefined : found.join('; ');
}

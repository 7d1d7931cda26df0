import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { formatBytes, RedControlError } from '@redcontrol/contract';

/** Part of the memory that stays with what the server does besides. */
const keptShare = 0.1;

/** Memory that programs could still get without swapping, as the kernel estimates it. */
export async function readAvailableBytes(): Promise<number> {
  return Number(/^MemAvailable:\s+(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1] ?? 0) * 1024;
}

/** Throws LIMIT_REACHED, with the numbers, when a machine of this size would take what the server itself needs. */
export async function assertMemoryRoom(memoryBytes: number): Promise<void> {
  const available = await readAvailableBytes();
  const kept = totalmem() * keptShare;
  if (available - kept >= memoryBytes) return;
  throw new RedControlError('LIMIT_REACHED', `Expected ${formatBytes(memoryBytes)} of memory for a virtual machine beside ${formatBytes(kept)} that stay free, got ${formatBytes(available)}`, {
    hint: 'Lower `limits.memory`, run fewer pipelines at once, use `isolation: container`, or take a server with more memory.',
  });
}

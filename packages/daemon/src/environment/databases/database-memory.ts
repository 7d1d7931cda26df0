import { totalmem } from 'node:os';

const serverShare = 0.25;
const leastBytes = 256 * 1024 ** 2;
const mostBytes = 8 * 1024 ** 3;

/** What a deployed database may take at most on a server of this memory: a quarter of it, within bounds. A limit, not a reservation. Pure. */
export function databaseMemoryBytes(serverBytes = totalmem()): number {
  return Math.min(mostBytes, Math.max(leastBytes, Math.floor(serverBytes * serverShare)));
}

import { resolve } from 'node:path';

/**
 * Node options of the background service. Without its compilers, with small spaces for young objects and a bound for old ones, Node takes
 * 10 MB less; what waits for events all day does not miss their speed.
 */
export const lightNode = ['--jitless', '--optimize-for-size', '--max-semi-space-size=1', '--max-old-space-size=128'];

/** The C library's part of it: memory that is free goes back at once instead of being kept for threads that never ask. */
export const lightMemory = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536', MALLOC_MMAP_THRESHOLD_: '65536' } as const;

/** How this very program is started again, by absolute paths: services and hooks have another PATH. */
export function ownCommand(): string[] {
  return [process.execPath, resolve(process.argv[1] ?? '')];
}

/** How it is started to stay in the background, in little memory. */
export function backgroundCommand(): string[] {
  const [node = '', ...rest] = ownCommand();
  return [node, ...lightNode, ...rest];
}

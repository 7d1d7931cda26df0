import { resolve } from 'node:path';

/**
 * Node options of the background service. Without its compilers, and with small spaces for young objects, Node takes
 * 8 MB less; what waits for events all day does not miss their speed.
 */
export const lightNode = ['--jitless', '--optimize-for-size', '--max-semi-space-size=1'];

/** How this very program is started again, by absolute paths: services and hooks have another PATH. */
export function ownCommand(): string[] {
  return [process.execPath, resolve(process.argv[1] ?? '')];
}

/** How it is started to stay in the background, in little memory. */
export function backgroundCommand(): string[] {
  const [node = '', ...rest] = ownCommand();
  return [node, ...lightNode, ...rest];
}

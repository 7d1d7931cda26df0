import { resolve } from 'node:path';

/** How this very program is started again, by absolute paths: services and hooks have another PATH. */
export function ownCommand(): string[] {
  return [process.execPath, resolve(process.argv[1] ?? '')];
}

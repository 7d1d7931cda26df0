import { join } from 'node:path';
import type { DaemonContext } from '../context.ts';

/** The file by which sshd lets people in, one restricted line a key. */
export function authorizedKeysPath(daemon: DaemonContext): string {
  return join(daemon.options.dataDirectory, 'home', '.ssh', 'authorized_keys');
}

import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import type { WantedInstall } from '../install/index.ts';
import { version } from '../version.ts';

/** Node.js that servers get; the same that this repository is tested with (its devDependency `node`). */
export const serverNodeVersion = '26.10.0';
const bundleName = 'redcontrol-daemon.mjs';

/**
 * The daemon that belongs to this program: the bundle beside the program's own, or the one made in a checkout.
 * REDCONTROL_DAEMON_BUNDLE names another. Throws INSTALL_FAILED when there is none.
 */
export async function wantedInstall(variables: Record<string, string | undefined>): Promise<WantedInstall> {
  const path = await findDaemonBundle(variables.REDCONTROL_DAEMON_BUNDLE);
  const sha256 = createHash('sha256').update(await readFile(path)).digest('hex');
  return { daemon: { path, version, sha256 }, nodeVersion: serverNodeVersion };
}

/** Path of the daemon's bundle that belongs to this program. Throws INSTALL_FAILED. */
export async function findDaemonBundle(named: string | undefined): Promise<string> {
  // The bundled program has the daemon in its own folder; in a checkout this file lies four folders under dist/.
  const places = named === undefined ? [join(import.meta.dirname, bundleName), join(import.meta.dirname, '../../../../dist', bundleName)] : [named];
  for (const place of places) if (await access(place).then(() => true, () => false)) return place;
  throw new RedControlError('INSTALL_FAILED', `Expected the daemon's bundle at ${places.at(-1)}, got no such file`, { hint: 'In a checkout, make it with `npm run bundle`.' });
}

import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { engineOf } from '../environment/index.ts';
import { removeVolume } from '../engine/index.ts';
import { forgetKeptVolume, getDatabase, listKeptVolumes, type KeptVolume } from '../store/index.ts';

/** Of the data that were in use before restores the newest of each database are kept. */
const keptAfterRestore = 1;

/** Removes volumes of before restores beyond the kept number. What an upgrade left behind stays until somebody says otherwise. */
export async function removeOldest(daemon: DaemonContext, target: { project: string; environment: string }): Promise<void> {
  for (const role of ['database', 'redis'] as const) {
    const stored = getDatabase(daemon.store, target.project, target.environment, role);
    const kept = listKeptVolumes(daemon.store, target.project, target.environment).filter((one) => one.engine === stored?.engine && one.version === stored.version);
    for (const volume of kept.slice(0, -keptAfterRestore)) await forget(daemon, volume);
  }
}

/** Removes one volume with data of before. Throws NOT_FOUND, naming those that there are. */
export async function removeKeptVolume(daemon: DaemonContext, target: { project: string; environment: string }, name: string): Promise<void> {
  const kept = listKeptVolumes(daemon.store, target.project, target.environment);
  const volume = kept.find((one) => one.volume === name);
  if (!volume) throw new RedControlError('NOT_FOUND', `Expected a volume kept from before of ${target.environment}, got ${name}`, { hint: kept.length > 0 ? `There is ${kept.map((one) => one.volume).join(', ')}.` : 'There is none.' });
  await forget(daemon, volume);
}

async function forget(daemon: DaemonContext, { project, environment, volume }: KeptVolume): Promise<void> {
  await removeVolume(engineOf(daemon, { project, environment }), volume);
  daemon.store.transaction(() => forgetKeptVolume(daemon.store, volume));
}

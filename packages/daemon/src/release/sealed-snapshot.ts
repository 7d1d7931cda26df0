import type { DaemonContext } from '../context.ts';
import { seal, unseal } from '../secrets/index.ts';
import type { StoredRelease } from '../store/index.ts';
import type { KeptSnapshot } from './release-snapshot.ts';

/** The snapshot as it is stored: it contains secrets, so it is sealed for its environment. */
export function sealSnapshot(daemon: DaemonContext, owner: { project: string; environment: string }, snapshot: KeptSnapshot): Uint8Array {
  return seal(daemon.key, Buffer.from(JSON.stringify(snapshot)), contextOf(owner));
}

export function openSnapshot(daemon: DaemonContext, release: Pick<StoredRelease, 'project' | 'environment' | 'snapshot'>): KeptSnapshot {
  return JSON.parse(unseal(daemon.key, release.snapshot, contextOf(release)).toString('utf8')) as KeptSnapshot;
}

function contextOf(owner: { project: string; environment: string }): string {
  return `release/${owner.project}/${owner.environment}`;
}

import { channelSecretPlace } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { listSecrets, type Store } from '../store/index.ts';
import { readSecrets } from './read-secrets.ts';

/** Value of a secret that channels use; undefined where it was not set. No run is given it. */
export function channelSecret(daemon: Pick<DaemonContext, 'store' | 'key'>, project: string, name: string): string | undefined {
  return readSecrets(daemon, project, [channelSecretPlace])[name];
}

export function channelSecretNames(store: Store, project: string): string[] {
  return listSecrets(store, project).filter((secret) => secret.environment === channelSecretPlace).map((secret) => secret.name);
}

/** Every secret of a project, of all environments and of its channels: what no message may hold. */
export function projectSecrets(daemon: Pick<DaemonContext, 'store' | 'key'>, project: string): { name: string; value: string }[] {
  const places = [...new Set(listSecrets(daemon.store, project).map((secret) => secret.environment))];
  return places.flatMap((place) => Object.entries(readSecrets(daemon, project, [place])).map(([name, value]) => ({ name, value })));
}

import type { ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { getPreview, listSecrets, setSecret } from '../store/index.ts';
import { seal, unseal } from './seal.ts';

/** Values of the secrets of the given environments, a preview's also those of its base; where two set the same name the first wins. Empty for none: runs that deploy nowhere see no secret. */
export function readSecrets(daemon: Pick<DaemonContext, 'store' | 'key'>, project: string, environments: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  const stored = listSecrets(daemon.store, project);
  for (const environment of environments.flatMap((one) => placesOf(daemon, project, one))) {
    for (const secret of stored) {
      if (secret.environment !== environment || secret.name in values) continue;
      values[secret.name] = unseal(daemon.key, secret.value, secretContext(project, environment, secret.name)).toString('utf8');
    }
  }
  return values;
}

/** Names that an environment declares and that have no value yet. */
export function missingSecrets(daemon: DaemonContext, config: ProjectConfig, environment: string): string[] {
  const places = placesOf(daemon, config.project, environment);
  const set = new Set(listSecrets(daemon.store, config.project).filter((secret) => places.includes(secret.environment)).map((secret) => secret.name));
  return (config.environments[environment]?.secrets ?? []).filter((name) => !set.has(name));
}

/** A preview has secrets of its own first, then those of its base. */
function placesOf({ store }: Pick<DaemonContext, 'store'>, project: string, environment: string): string[] {
  const base = getPreview(store, project, environment)?.base;
  return base === undefined ? [environment] : [environment, base];
}

export function storeSecret(daemon: DaemonContext, secret: { project: string; environment: string; name: string; value: string }): void {
  const { project, environment, name } = secret;
  const value = seal(daemon.key, Buffer.from(secret.value, 'utf8'), secretContext(project, environment, name));
  daemon.store.transaction(() => setSecret(daemon.store, { project, environment, name, value, at: daemon.clock.now() }));
}

function secretContext(project: string, environment: string, name: string): string {
  return `secret/${project}/${environment}/${name}`;
}

import { serversOf, type ProjectConfig } from '@redcontrol/contract';

export interface MissingSecret {
  environment: string;
  name: string;
}

/** Secrets that the environments of a server name but that were not set there. */
export function missingSecrets(config: ProjectConfig, server: string, known: readonly { environment: string; name: string }[]): MissingSecret[] {
  return Object.entries(config.environments)
    .filter(([environment]) => serversOf(config, environment)[0] === server)
    .flatMap(([environment, { secrets }]) => secrets.map((name) => ({ environment, name })))
    .filter((wanted) => !known.some(({ environment, name }) => environment === wanted.environment && name === wanted.name));
}

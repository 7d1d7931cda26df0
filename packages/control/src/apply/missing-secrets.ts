import { channelSecretPlace, serversOf, type ProjectConfig } from '@redcontrol/contract';

export interface MissingSecret {
  environment: string;
  name: string;
}

/** Secrets that the environments of a server and the channels name but that were not set there. */
export function missingSecrets(config: ProjectConfig, server: string, known: readonly { environment: string; name: string }[]): MissingSecret[] {
  const ofEnvironments = Object.entries(config.environments)
    .filter(([environment]) => serversOf(config, environment)[0] === server)
    .flatMap(([environment, { secrets }]) => secrets.map((name) => ({ environment, name })));
  return [...ofEnvironments, ...channelSecrets(config)]
    .filter((wanted) => !known.some(({ environment, name }) => environment === wanted.environment && name === wanted.name));
}

/** Secrets that the channels of a configuration name, each once. */
export function channelSecrets(config: ProjectConfig): MissingSecret[] {
  const names = new Set(Object.values(config.channels).flatMap(({ secret }) => (secret === undefined ? [] : [secret])));
  return [...names].map((name) => ({ environment: channelSecretPlace, name }));
}

/** The command that gives a secret its value. */
export function secretCommand({ environment, name }: MissingSecret): string {
  return `redcontrol secret set ${name} ${environment === channelSecretPlace ? '--channels' : `-e ${environment}`}`;
}

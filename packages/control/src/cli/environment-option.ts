import { channelSecretPlace, RedControlError } from '@redcontrol/contract';
import { Option } from 'commander';
import type { CommandContext } from './command-context.ts';
import { readConfigFile } from './find-config.ts';

export interface EnvironmentOptions {
  environment?: string;
}

export interface SecretOptions extends EnvironmentOptions {
  channels?: boolean;
}

/** `-e, --environment <name>` */
export function environmentOption(description = 'environment (default: the only one)'): Option {
  return new Option('-e, --environment <name>', description);
}

/** `--channels`, of the secrets that channels use. */
export function channelsOption(): Option {
  return new Option('--channels', 'a secret of the channels, instead of an environment').conflicts('environment');
}

/** Where a secret belongs: to the channels, or to an environment as chosenEnvironment finds it. */
export async function chosenSecretPlace(context: CommandContext, options: SecretOptions): Promise<string> {
  return options.channels ? channelSecretPlace : chosenEnvironment(context, options);
}

/** The environment that is named, or the only one of the configuration. Throws USAGE when several could be meant. */
export async function chosenEnvironment(context: CommandContext, { environment }: EnvironmentOptions): Promise<string> {
  if (environment !== undefined) return environment;
  if (context.global.socket !== undefined && context.global.config === undefined) throw missing([]);
  const names = Object.keys((await readConfigFile(context)).config.environments);
  if (names.length === 1 && names[0]) return names[0];
  throw missing(names);
}

function missing(names: readonly string[]): RedControlError {
  return new RedControlError('USAGE', `Expected to know which environment is meant${names.length > 0 ? ` of ${names.join(', ')}` : ''}, got none`, { hint: 'Name it with --environment.' });
}

import { Option, type Command } from 'commander';
import { environmentOption, type EnvironmentOptions } from './environment-option.ts';

export interface DatabaseOptions extends EnvironmentOptions {
  redis?: boolean;
}

/** `-e, --environment <name>`, `--redis`: which database is meant. */
export function withDatabase(command: Command): Command {
  return command.addOption(environmentOption()).addOption(new Option('--redis', 'the environment\'s Redis instead of its database'));
}

export function roleOf({ redis }: DatabaseOptions): 'database' | 'redis' {
  return redis ? 'redis' : 'database';
}

import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { defineDatabaseForget } from './database-forget.ts';
import { defineDatabaseKept } from './database-kept.ts';
import { defineDatabaseUpgrade } from './database-upgrade.ts';

/** `redcontrol database …` */
export function defineDatabase(command: Command, cli: Cli): void {
  defineDatabaseUpgrade(command.command('upgrade').description('bring a database to a newer version, with its data'), cli);
  defineDatabaseKept(command.command('kept').description('data that were in use before a restore or an upgrade'), cli);
  defineDatabaseForget(command.command('forget').description('remove such data'), cli);
}

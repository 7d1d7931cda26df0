import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { defineDatabaseDump } from './database-dump.ts';
import { defineDatabaseForget } from './database-forget.ts';
import { defineDatabaseKept } from './database-kept.ts';
import { defineDatabaseLoad } from './database-load.ts';
import { defineDatabaseShell } from './database-shell.ts';
import { defineDatabaseUpgrade } from './database-upgrade.ts';

/** `redcontrol database …` */
export function defineDatabase(command: Command, cli: Cli): void {
  defineDatabaseShell(command.command('shell').description('psql, mariadb or redis-cli in the database\'s container'), cli);
  defineDatabaseDump(command.command('dump').description('write the data of a database into a file'), cli);
  defineDatabaseLoad(command.command('load').description('replace the data of a database by such a file'), cli);
  defineDatabaseUpgrade(command.command('upgrade').description('bring a database to a newer version, with its data'), cli);
  defineDatabaseKept(command.command('kept').description('data that were in use before a restore or an upgrade'), cli);
  defineDatabaseForget(command.command('forget').description('remove such data'), cli);
}

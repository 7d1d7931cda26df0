import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { defineServerBackup } from './server-backup.ts';
import { defineServerCheck } from './server-check.ts';
import { defineServerRestore } from './server-restore.ts';
import { defineServerShow } from './server-show.ts';
import { defineServerUninstall } from './server-uninstall.ts';
import { defineServerUpgrade } from './server-upgrade.ts';

/** `redcontrol server …` */
export function defineServer(command: Command, cli: Cli): void {
  defineServerCheck(command.command('check').description('see whether a server suits, and where domains lead'), cli);
  defineServerShow(command.command('show').description('load, memory, disk and versions of a server'), cli);
  defineServerUpgrade(command.command('upgrade').description('bring the newest daemon to a server; apps run on'), cli);
  defineServerBackup(command.command('backup').description('write the server\'s own state into an encrypted file'), cli);
  defineServerRestore(command.command('restore').description('bring such a state to a fresh server'), cli);
  defineServerUninstall(command.command('uninstall').description('remove RedControl from a server'), cli);
}

import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { defineBackupCreate } from './backup-create.ts';
import { defineBackupKey } from './backup-key.ts';
import { defineBackupList } from './backup-list.ts';
import { defineBackupRemove } from './backup-remove.ts';
import { defineBackupShow } from './backup-show.ts';
import { defineBackupVerify } from './backup-verify.ts';

/** `redcontrol backup …` */
export function defineBackup(command: Command, cli: Cli): void {
  defineBackupList(command.command('list').description('backups, and which were ever restored'), cli);
  defineBackupCreate(command.command('create').description('make a backup now'), cli);
  defineBackupShow(command.command('show').description('files, sizes, checksums and counts of a backup'), cli);
  defineBackupVerify(command.command('verify').description('restore a backup into a scratch database and compare the counts'), cli);
  defineBackupRemove(command.command('remove').description('remove a backup'), cli);
  defineBackupKey(command.command('key').description('the key that opens the backups, to be kept away from the server'), cli);
}

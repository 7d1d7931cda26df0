import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { defineSecretList } from './secret-list.ts';
import { defineSecretRemove } from './secret-remove.ts';
import { defineSecretSet } from './secret-set.ts';

/** `redcontrol secret …` */
export function defineSecret(command: Command, cli: Cli): void {
  defineSecretSet(command.command('set').description('set a secret, from a hidden prompt or standard input'), cli);
  defineSecretList(command.command('list').description('names of the secrets, and which are missing'), cli);
  defineSecretRemove(command.command('remove').description('forget a secret'), cli);
}

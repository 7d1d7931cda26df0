import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { defineConfigRevisions } from './config-revisions.ts';
import { defineConfigShow } from './config-show.ts';

/** `redcontrol config …` */
export function defineConfig(command: Command, cli: Cli): void {
  defineConfigRevisions(command.command('revisions').description('what was applied, when and by whom'), cli);
  defineConfigShow(command.command('show').description('the configuration as it was applied'), cli);
}

import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { defineProjectList } from './project-list.ts';
import { defineProjectRemove } from './project-remove.ts';

/** `redcontrol project …` */
export function defineProject(command: Command, cli: Cli): void {
  defineProjectList(command.command('list').description('all projects of the server'), cli);
  defineProjectRemove(command.command('remove').description('take a project off the server'), cli);
}

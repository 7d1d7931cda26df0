import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { definePeopleAdd } from './people-add.ts';
import { definePeopleList } from './people-list.ts';
import { definePeopleRemove } from './people-remove.ts';

/** `redcontrol people …` */
export function definePeople(command: Command, cli: Cli): void {
  definePeopleList(command.command('list').description('who may do what'), cli);
  definePeopleAdd(command.command('add').description('let somebody in by their public SSH key'), cli);
  definePeopleRemove(command.command('remove').description('take somebody\'s access away'), cli);
}

import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { definePeopleAdd } from './people-add.ts';
import { definePeopleInvite } from './people-invite.ts';
import { definePeopleList } from './people-list.ts';
import { definePeopleRemove } from './people-remove.ts';

/** `redcontrol people …` */
export function definePeople(command: Command, cli: Cli): void {
  definePeopleList(command.command('list').description('who may do what'), cli);
  definePeopleAdd(command.command('add').description('let somebody in by their public SSH key'), cli);
  definePeopleInvite(command.command('invite').description('a line for a developer to connect with'), cli);
  definePeopleRemove(command.command('remove').description('take somebody\'s access away'), cli);
}

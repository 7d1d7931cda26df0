import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { defineChannelList } from './channel-list.ts';
import { defineChannelTest } from './channel-test.ts';

/** `redcontrol channel …` */
export function defineChannel(command: Command, cli: Cli): void {
  defineChannelList(command.command('list').description('channels, and whether messages get through'), cli);
  defineChannelTest(command.command('test').description('send a test message now'), cli);
}

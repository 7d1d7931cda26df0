import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { defineAppLogs } from './app-logs.ts';

/** `redcontrol app …` */
export function defineApp(command: Command, cli: Cli): void {
  defineAppLogs(command.command('logs').description('the last lines that the live version printed'), cli);
}

import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { defineAppChanges } from './app-changes.ts';
import { defineAppExec, defineAppShell } from './app-exec.ts';
import { defineAppLogs } from './app-logs.ts';
import { defineAppPs } from './app-ps.ts';

/** `redcontrol app …` */
export function defineApp(command: Command, cli: Cli): void {
  defineAppPs(command.command('ps').description('the live version’s processes with their state and use'), cli);
  defineAppLogs(command.command('logs').description('the last lines that the live version printed'), cli);
  defineAppExec(command.command('exec').description('run a command in a live container'), cli);
  defineAppShell(command.command('shell').description('open a shell in a live container'), cli);
  defineAppChanges(command, cli);
}

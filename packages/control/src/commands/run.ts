import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { runLocal } from './run-local.ts';
import { defineRunCancel } from './run-cancel.ts';
import { defineRunLogs } from './run-logs.ts';
import { defineRunRetry } from './run-retry.ts';
import { defineRunShow } from './run-show.ts';

/** `redcontrol run …` */
export function defineRun(command: Command, cli: Cli): void {
  command.option('--local', 'the pipeline’s checks on this machine, with its Docker, for the commit that is checked out');
  command.action(action<{ local?: boolean }, []>(cli, async (context, options) => (options.local ? runLocal(context) : command.help({ error: true }))));
  defineRunShow(command.command('show').description('a run with its steps and failed tests'), cli);
  defineRunLogs(command.command('logs').description('what the steps of a run printed'), cli);
  defineRunCancel(command.command('cancel').description('stop a run'), cli);
  defineRunRetry(command.command('retry').description('run the same commit again'), cli);
}

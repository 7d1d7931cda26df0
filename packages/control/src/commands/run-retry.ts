import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { startRun, waitOption, type WaitOptions } from '../runs/start-run.ts';

/** `redcontrol run retry RUN` */
export function defineRunRetry(command: Command, cli: Cli): void {
  command.argument('<run>', 'number of the run', positiveNumber).addOption(waitOption()).action(action(cli, (context, options: WaitOptions, run: number) =>
    withProject(context, {}, ({ client }) => startRun(context, client, options, () => client.call('run.retry', { run }, { signal: context.signal })))));
}

import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { positiveNumber } from '../cli/number-argument.ts';

/** `redcontrol run cancel RUN` */
export function defineRunCancel(command: Command, cli: Cli): void {
  command.argument('<run>', 'number of the run', positiveNumber).action(action(cli, async (context, _options: object, run: number) => {
    const record = await withProject(context, {}, ({ client }) => client.call('run.cancel', { run }, { signal: context.signal }));
    if (context.out.json) return context.out.printJson(record);
    context.out.print(`Run ${run} is being cancelled; what was live stays live.`);
  }));
}

import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { positiveNumber } from '../cli/number-argument.ts';

/** `redcontrol job cancel JOB -e ENVIRONMENT [--start N]` */
export function defineJobCancel(command: Command, cli: Cli): void {
  command
    .argument('<job>', 'name of the job')
    .addOption(environmentOption())
    .option('--start <number>', 'only this start (default: all that are under way)', positiveNumber)
    .action(action(cli, async (context, options: EnvironmentOptions & { start?: number }, job: string) => {
      const environment = await chosenEnvironment(context, options);
      const cancelled = await withProject(context, { environment }, ({ client, project }) =>
        client.call('job.cancel', { project, environment, job, ...(options.start ? { start: options.start } : {}) }, { signal: context.signal }));
      if (context.out.json) return context.out.printJson(cancelled);
      context.out.print(`Start ${cancelled.map(({ id }) => id).join(', ')} of ${job} is being stopped with all its processes.`);
    }));
}

import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { relativeTime } from '../output/relative-time.ts';

/** `redcontrol job pause JOB -e ENVIRONMENT` */
export function defineJobPause(command: Command, cli: Cli): void {
  command.argument('<job>', 'name of the job').addOption(environmentOption()).action(action(cli, async (context, options: EnvironmentOptions, job: string) => {
    const environment = await chosenEnvironment(context, options);
    const state = await withProject(context, { environment }, ({ client, project }) => client.call('job.pause', { project, environment, job }, { signal: context.signal }));
    if (context.out.json) return context.out.printJson(state);
    context.out.print(`${job} of ${environment} is paused: it is not due until redcontrol job resume ${job} -e ${environment}.${state.open > 0 ? ' What runs goes on.' : ''}`);
  }));
}

/** `redcontrol job resume JOB -e ENVIRONMENT` */
export function defineJobResume(command: Command, cli: Cli): void {
  command.argument('<job>', 'name of the job').addOption(environmentOption()).action(action(cli, async (context, options: EnvironmentOptions, job: string) => {
    const environment = await chosenEnvironment(context, options);
    const state = await withProject(context, { environment }, ({ client, project }) => client.call('job.resume', { project, environment, job }, { signal: context.signal }));
    if (context.out.json) return context.out.printJson(state);
    context.out.print(`${job} of ${environment} is due ${state.nextAt === null ? 'once something is deployed' : relativeTime(state.nextAt, cli.now())}.`);
  }));
}

import { RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { countNumber } from '../cli/number-argument.ts';
import { printProcesses } from './app-ps.ts';

/** `redcontrol app restart|stop|start [PROCESS]` and `app scale PROCESS=NUMBER` */
export function defineAppChanges(command: Command, cli: Cli): void {
  const changes = [['restart', 'start containers anew, one after the other'], ['stop', 'stop processes until they are started, or the next release'], ['start', 'start what was stopped']] as const;
  for (const [name, description] of changes) {
    command.command(name).description(description).argument('[process]', 'only this process').addOption(environmentOption()).action(action(cli, async (context, options: EnvironmentOptions, process: string | undefined) => {
      const environment = await chosenEnvironment(context, options);
      printProcesses(context, await withProject(context, { environment }, ({ client, project }) =>
        client.call(`app.${name}`, { project, environment, ...(process === undefined ? {} : { process }) }, { signal: context.signal })));
    }));
  }
  command.command('scale').description('run more or fewer instances, until the next release').argument('<process=number>', 'for example worker=3').addOption(environmentOption()).action(action(cli, async (context, options: EnvironmentOptions, wanted: string) => {
    const environment = await chosenEnvironment(context, options);
    const [, process = '', count = ''] = /^([^=]+)=(\d{1,3})$/.exec(wanted) ?? [];
    if (process === '') throw new RedControlError('USAGE', `Expected PROCESS=NUMBER such as worker=3, got ${JSON.stringify(wanted)}`);
    printProcesses(context, await withProject(context, { environment }, ({ client, project }) =>
      client.call('app.scale', { project, environment, process, instances: countNumber(count) }, { signal: context.signal })));
  }));
}

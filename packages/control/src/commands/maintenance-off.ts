import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';

/** `redcontrol maintenance off -e ENVIRONMENT` */
export function defineMaintenanceOff(command: Command, cli: Cli): void {
  command.addOption(environmentOption()).action(action(cli, async (context, options: EnvironmentOptions) => {
    const environment = await chosenEnvironment(context, options);
    const state = await withProject(context, { environment }, ({ client, project }) => client.call('maintenance.end', { project, environment }, { signal: context.signal }));
    if (context.out.json) return context.out.printJson(state);
    context.out.print(`Visitors of ${environment} get the app again: ${state.url}`);
  }));
}

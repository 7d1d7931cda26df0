import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';

/** `redcontrol secret remove NAME -e ENVIRONMENT` */
export function defineSecretRemove(command: Command, cli: Cli): void {
  command.argument('<name>', 'name of the secret').addOption(environmentOption()).action(action(cli, async (context, options: EnvironmentOptions, name: string) => {
    const environment = await chosenEnvironment(context, options);
    await withProject(context, { environment }, ({ client, project }) => client.call('secret.remove', { project, environment, name }, { signal: context.signal }));
    if (context.out.json) return context.out.printJson({ environment, name, set: false });
    context.out.print(`${context.out.colors.green('✓')} ${name} of ${environment} is forgotten. What runs keeps it until the next deployment.`);
  }));
}

import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withSecretServers } from '../cli/with-secret-servers.ts';
import { channelsOption, chosenSecretPlace, environmentOption, type SecretOptions } from '../cli/environment-option.ts';

/** `redcontrol secret remove NAME -e ENVIRONMENT | --channels` */
export function defineSecretRemove(command: Command, cli: Cli): void {
  command.argument('<name>', 'name of the secret').addOption(environmentOption()).addOption(channelsOption()).action(action(cli, async (context, options: SecretOptions, name: string) => {
    const environment = await chosenSecretPlace(context, options);
    await withSecretServers(context, environment, ({ client, project }) => client.call('secret.remove', { project, environment, name }, { signal: context.signal }));
    if (context.out.json) return context.out.printJson({ environment, name, set: false });
    context.out.print(`${context.out.colors.green('✓')} ${options.channels ? `${name} is forgotten.` : `${name} of ${environment} is forgotten. What runs keeps it until the next deployment.`}`);
  }));
}

import { RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import { askYes } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';

/** `redcontrol database forget VOLUME -e ENVIRONMENT` */
export function defineDatabaseForget(command: Command, cli: Cli): void {
  command
    .argument('<volume>', 'its name, as `redcontrol database kept` shows it')
    .addOption(environmentOption())
    .option('-y, --yes', 'do not ask')
    .action(action(cli, async (context, options: EnvironmentOptions & { yes?: boolean }, volume: string) => {
      const { out } = context;
      const environment = await chosenEnvironment(context, options);
      if (!options.yes && !(await askYes(context, { message: `Remove ${volume} of ${environment} with all data in it?`, instead: 'Say it with --yes.' }))) throw new RedControlError('CANCELLED', 'Cancelled: nothing was removed');
      await withProject(context, { environment }, ({ client, project }) => client.call('database.forget', { project, environment, volume }, { signal: context.signal }));
      if (out.json) return out.printJson({ environment, volume, removed: true });
      out.print(`${out.colors.green('✓')} ${volume} is removed.`);
    }));
}

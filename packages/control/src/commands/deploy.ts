import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { startRun, waitOption, type WaitOptions } from '../runs/start-run.ts';

/** `redcontrol deploy REF -e ENVIRONMENT` */
export function defineDeploy(command: Command, cli: Cli): void {
  command
    .argument('<ref>', 'branch, tag or commit')
    .addOption(environmentOption())
    .addOption(waitOption())
    .action(action(cli, async (context, options: EnvironmentOptions & WaitOptions, ref: string) => {
      const environment = await chosenEnvironment(context, options);
      await withProject(context, { environment }, ({ client, project }) =>
        startRun(context, client, options, () => client.call('deploy', { project, environment, ref }, { signal: context.signal })));
    }));
}

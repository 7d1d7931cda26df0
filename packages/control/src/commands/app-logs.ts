import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { createLogFilter } from '../output/log-filter.ts';

/** `redcontrol app logs -e ENVIRONMENT` */
export function defineAppLogs(command: Command, cli: Cli): void {
  command
    .addOption(environmentOption())
    .option('-n, --lines <number>', 'how many lines', positiveNumber, 200)
    .action(action(cli, async (context, options: EnvironmentOptions & { lines: number }) => {
      const environment = await chosenEnvironment(context, options);
      const { text } = await withProject(context, { environment }, ({ client, project }) =>
        client.call('environment.logs', { project, environment, lines: Math.min(options.lines, 10_000) }, { signal: context.signal }));
      if (context.out.json) return context.out.printJson({ environment, text });
      const filter = createLogFilter();
      cli.stdout.write(cli.stdout.isTTY ? filter.push(Buffer.from(text)) + filter.end() : text);
    }));
}

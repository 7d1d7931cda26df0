import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { relativeTime } from '../output/relative-time.ts';
import { printTable } from '../output/table.ts';

/** `redcontrol database kept -e ENVIRONMENT` */
export function defineDatabaseKept(command: Command, cli: Cli): void {
  command
    .addOption(environmentOption())
    .action(action(cli, async (context, options: EnvironmentOptions) => {
      const { out } = context;
      const environment = await chosenEnvironment(context, options);
      const kept = await withProject(context, { environment }, ({ client, project }) => client.call('database.kept', { project, environment }, { signal: context.signal }));
      if (out.json) return out.printJson(kept);
      printTable(out, kept, {
        empty: `No data of ${environment} are kept from before a restore or an upgrade.`,
        columns: [
          { title: 'VOLUME', cell: ({ volume }) => volume },
          { title: 'DATABASE', cell: ({ engine, version }) => `${engine} ${version}` },
          { title: 'IN USE UNTIL', cell: ({ keptAt }) => relativeTime(keptAt, cli.now()) },
        ],
      });
    }));
}

import type { Result } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { releaseNumber } from '../cli/number-argument.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';
import { printTable } from '../output/table.ts';

type Commit = Result<'release.changes'>['added'][number];

/** `redcontrol changes FROM TO -e ENVIRONMENT` */
export function defineChanges(command: Command, cli: Cli): void {
  command
    .argument('<from>', 'number of the earlier release', releaseNumber)
    .argument('<to>', 'number of the later release', releaseNumber)
    .addOption(environmentOption())
    .action(action(cli, async (context, options: EnvironmentOptions, from: number, to: number) => {
      const { out } = context;
      const environment = await chosenEnvironment(context, options);
      const changes = await withProject(context, { environment }, ({ client, project }) => client.call('release.changes', { project, environment, from, to }, { signal: context.signal }));
      if (out.json) return out.printJson(changes);
      const list = [...changes.added.map((commit) => ({ sign: '+', ...commit })), ...changes.removed.map((commit) => ({ sign: '-', ...commit }))];
      printTable(out, list, {
        empty: `#${from} and #${to} have the same commits.`,
        columns: [
          { title: '', cell: ({ sign }) => (sign === '+' ? out.colors.green(sign) : out.colors.red(sign)) },
          { title: 'COMMIT', cell: ({ commit }: Commit) => out.colors.yellow(commit.slice(0, 7)) },
          { title: 'MESSAGE', cell: ({ message }) => plainLine(message), flexible: true },
          { title: 'AUTHOR', cell: ({ author }) => plainLine(author) },
          { title: 'WHEN', cell: ({ time }) => relativeTime(time, cli.now()) },
        ],
      });
      if (!changes.complete) out.note(`There are more than ${Math.max(changes.added.length, changes.removed.length)}.`);
    }));
}

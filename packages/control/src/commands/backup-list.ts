import { formatBytes } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { backupReasonText, backupStateText, backupTookText } from '../output/backup-words.ts';
import { relativeTime } from '../output/relative-time.ts';
import { printTable } from '../output/table.ts';

/** `redcontrol backup list -e ENVIRONMENT` */
export function defineBackupList(command: Command, cli: Cli): void {
  command
    .addOption(environmentOption())
    .option('-n, --limit <number>', 'how many', positiveNumber, 50)
    .action(action(cli, async (context, options: EnvironmentOptions & { limit: number }) => {
      const { out } = context;
      const environment = await chosenEnvironment(context, options);
      const backups = await withProject(context, { environment }, ({ client, project }) =>
        client.call('backup.list', { project, environment, limit: Math.min(options.limit, 1000) }, { signal: context.signal }));
      if (out.json) return out.printJson(backups);
      printTable(out, backups, {
        empty: `No backups of ${environment} yet: make one with \`redcontrol backup create\`, or name \`backup\` in the database's configuration.`,
        columns: [
          { title: 'BACKUP', cell: ({ id }) => String(id), align: 'right' },
          { title: 'STATE', cell: (backup) => backupStateText(backup, out.colors) },
          { title: 'MADE', cell: ({ createdAt }) => relativeTime(createdAt, cli.now()) },
          { title: 'FOR', cell: backupReasonText, flexible: true },
          { title: 'SIZE', cell: ({ bytes }) => formatBytes(bytes), align: 'right' },
          { title: 'TOOK', cell: backupTookText, align: 'right' },
          { title: 'RESTORED', cell: ({ proofAt }) => relativeTime(proofAt, cli.now()) },
          { title: 'PLACE', cell: ({ place }) => place, flexible: true },
        ],
      });
    }));
}

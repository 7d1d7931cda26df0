import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { backupLines } from '../output/backup-words.ts';

/** `redcontrol backup show BACKUP` */
export function defineBackupShow(command: Command, cli: Cli): void {
  command
    .argument('<backup>', 'its number', positiveNumber)
    .addOption(environmentOption())
    .action(action(cli, async (context, options: EnvironmentOptions, backup: number) => {
      const { out } = context;
      const found = await withProject(context, options, ({ client, project }) => client.call('backup.show', { project, backup }, { signal: context.signal }));
      if (out.json) return out.printJson(found);
      for (const line of backupLines(found, out.colors)) out.print(line);
    }));
}

import { RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import { askYes } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { positiveNumber } from '../cli/number-argument.ts';

/** `redcontrol backup remove BACKUP` */
export function defineBackupRemove(command: Command, cli: Cli): void {
  command
    .argument('<backup>', 'its number', positiveNumber)
    .addOption(environmentOption())
    .option('-y, --yes', 'do not ask')
    .action(action(cli, async (context, options: EnvironmentOptions & { yes?: boolean }, backup: number) => {
      const { out } = context;
      await withProject(context, options, async ({ client, project }) => {
        const found = await client.call('backup.show', { project, backup }, { signal: context.signal });
        const question = `Remove backup ${backup} of ${found.environment}, made ${new Date(found.createdAt).toISOString()}?`;
        if (!options.yes && !(await askYes(context, { message: question, instead: 'Say it with --yes.' }))) throw new RedControlError('CANCELLED', 'Cancelled: nothing was removed');
        await client.call('backup.remove', { project, backup }, { signal: context.signal });
      });
      if (out.json) return out.printJson({ backup, removed: true });
      out.print(`${out.colors.green('✓')} Backup ${backup} is removed.`);
    }));
}

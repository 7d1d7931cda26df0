import { RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { backupLines } from '../output/backup-words.ts';
import { createProgress } from '../output/progress.ts';

/** `redcontrol backup verify BACKUP` */
export function defineBackupVerify(command: Command, cli: Cli): void {
  command
    .argument('<backup>', 'its number', positiveNumber)
    .addOption(environmentOption())
    .addHelpText('after', '\nThe backup is read to its end, restored into a database made for it, its rows are counted, and the database is removed. What is in use is not touched.')
    .action(action(cli, async (context, options: EnvironmentOptions, backup: number) => {
      const { out } = context;
      const progress = createProgress(context, () => `restoring backup ${backup} as a proof`);
      const found = await withProject(context, options, ({ client, project }) =>
        client.call('backup.verify', { project, backup }, { signal: context.signal, onProgress: progress.tell }).finally(progress.end));
      if (out.json) out.printJson(found);
      else for (const line of backupLines(found, out.colors)) out.print(line);
      if (found.proof === 'failed') throw new RedControlError('BACKUP_CORRUPT', found.proofError ?? `Expected backup ${backup} to be restorable, it is not`, { hint: 'Make another: redcontrol backup create.' });
    }));
}

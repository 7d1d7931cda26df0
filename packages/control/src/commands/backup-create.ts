import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { backupLines } from '../output/backup-words.ts';
import { createProgress } from '../output/progress.ts';

/** `redcontrol backup create -e ENVIRONMENT` */
export function defineBackupCreate(command: Command, cli: Cli): void {
  command
    .addOption(environmentOption())
    .action(action(cli, async (context, options: EnvironmentOptions) => {
      const { out } = context;
      const environment = await chosenEnvironment(context, options);
      const progress = createProgress(context, () => `backup of ${environment}`);
      const backup = await withProject(context, { environment }, ({ client, project }) =>
        client.call('backup.create', { project, environment }, { signal: context.signal, onProgress: progress.tell }).finally(progress.end));
      if (out.json) return out.printJson(backup);
      for (const line of backupLines(backup, out.colors)) out.print(line);
    }));
}

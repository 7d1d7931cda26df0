import { formatBytes, RedControlError, type BackupRecord } from '@redcontrol/contract';
import type { Command } from 'commander';
import { askText } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { createProgress } from '../output/progress.ts';
import { relativeTime } from '../output/relative-time.ts';

/** `redcontrol restore BACKUP -e ENVIRONMENT` */
export function defineRestore(command: Command, cli: Cli): void {
  command
    .argument('<backup>', 'number of the backup whose data are wanted', positiveNumber)
    .addOption(environmentOption())
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nThe environment that is named gets the data; the backup may be of another. The data of now are backed up first, and stay in use until those of the backup are loaded and counted.')
    .action(action(cli, async (context, options: EnvironmentOptions & { yes?: boolean }, backup: number) => {
      const { out } = context;
      const environment = await chosenEnvironment(context, options);
      await withProject(context, { environment }, async ({ client, project }) => {
        const found = await client.call('backup.show', { project, backup }, { signal: context.signal });
        const question = pointText(found, environment, cli.now());
        if (!options.yes) {
          const typed = await askText(context, { message: `${question} Type the environment's name to go on`, instead: 'Say it with --yes.' });
          if (typed !== environment) throw new RedControlError('CANCELLED', `Expected the name ${environment}, got ${JSON.stringify(typed)}: nothing was changed`);
        }
        const progress = createProgress(context, () => `restoring backup ${backup} into ${environment}`);
        const done = await client.call('backup.restore', { project, backup, environment }, { signal: context.signal, onProgress: progress.tell }).finally(progress.end);
        if (out.json) return out.printJson({ environment, backup, ...done });
        out.print(`${out.colors.green('✓')} ${environment} has the data of ${new Date(found.createdAt).toISOString()}.`);
        if (done.safetyBackup !== null) out.print(`What was there before is backup ${done.safetyBackup}: redcontrol restore ${done.safetyBackup} -e ${environment}`);
      });
    }));
}

function pointText({ id, environment, createdAt, bytes, proof }: BackupRecord, target: string, now: number): string {
  const from = environment === target ? '' : ` of ${environment}`;
  const trust = proof === 'proven' ? '' : proof === 'failed' ? ' A proof of it FAILED.' : ' It was never restored before.';
  return `${target} gets the data${from} of ${new Date(createdAt).toISOString()} (${relativeTime(createdAt, now)}, backup ${id}, ${formatBytes(bytes)}); what was written since is only in a new backup then.${trust}`;
}

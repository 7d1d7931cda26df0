import { RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import { askYes } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { createProgress } from '../output/progress.ts';

interface UpgradeOptions extends EnvironmentOptions {
  to: string;
  redis?: boolean;
  yes?: boolean;
}

/** `redcontrol database upgrade -e ENVIRONMENT --to VERSION` */
export function defineDatabaseUpgrade(command: Command, cli: Cli): void {
  command
    .addOption(environmentOption())
    .requiredOption('--to <version>', 'the newer version, see `redcontrol databases`')
    .option('--redis', 'the environment\'s Redis instead of its database')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nA backup is made, the data are dumped into a new database of that version and counted, then the environment changes over. Meanwhile apps may only read. The data of the old version are kept: `redcontrol database kept`.')
    .action(action(cli, async (context, options: UpgradeOptions) => {
      const { out } = context;
      const environment = await chosenEnvironment(context, options);
      await withProject(context, { environment }, async ({ client, project }) => {
        const question = `Bring the ${options.redis ? 'Redis' : 'database'} of ${environment} to version ${options.to}? Apps may only read while the data are copied.`;
        if (!options.yes && !(await askYes(context, { message: question, instead: 'Say it with --yes.' }))) throw new RedControlError('CANCELLED', 'Cancelled: nothing was changed');
        const progress = createProgress(context, () => `upgrading ${environment} to ${options.to}`);
        const done = await client.call('database.upgrade', { project, environment, to: options.to, role: options.redis ? 'redis' : 'database' }, { signal: context.signal, onProgress: progress.tell }).finally(progress.end);
        if (out.json) return out.printJson({ environment, ...done });
        out.print(`${out.colors.green('✓')} ${environment} has version ${done.to} instead of ${done.from}. Name it in redcontrol.yml.`);
        out.print(`The data of before are backup ${done.backup}, and kept as they were: redcontrol database forget ${done.oldVolume} -e ${environment}`);
      });
    }));
}

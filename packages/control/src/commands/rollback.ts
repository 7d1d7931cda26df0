import { RedControlError, type ReleaseRecord } from '@redcontrol/contract';
import type { Command } from 'commander';
import { askYes } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { releaseNumber } from '../cli/number-argument.ts';
import { plainLine } from '../output/plain-text.ts';
import { startRun, waitOption, type WaitOptions } from '../runs/start-run.ts';

/** `redcontrol rollback [RELEASE] -e ENVIRONMENT` */
export function defineRollback(command: Command, cli: Cli): void {
  command
    .argument('[release]', 'number of the release to go back to (default: the one before)', releaseNumber)
    .addOption(environmentOption())
    .addOption(waitOption())
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nThe release\'s image, variables and configuration come back; the data of databases and volumes stays as it is.')
    .action(action(cli, async (context, options: EnvironmentOptions & WaitOptions & { yes?: boolean }, release: number | undefined) => {
      const environment = await chosenEnvironment(context, options);
      await withProject(context, { environment }, async ({ client, project }) => {
        if (!options.yes) {
          const releases = await client.call('release.list', { project, environment, limit: 1000 }, { signal: context.signal });
          const question = `Take ${environment} back to ${releaseText(releases, release)}? Its databases and volumes stay as they are.`;
          if (!(await askYes(context, { message: question, instead: 'Say it with --yes.' }))) throw new RedControlError('CANCELLED', 'Cancelled: nothing was changed');
        }
        await startRun(context, client, options, () => client.call('release.rollback', { project, environment, ...(release === undefined ? {} : { release }) }, { signal: context.signal }));
      });
    }));
}

function releaseText(releases: readonly ReleaseRecord[], wanted: number | undefined): string {
  if (wanted === undefined) return 'the release before';
  const release = releases.find(({ number }) => number === wanted);
  return release ? `#${wanted} (${plainLine(release.ref)} ${release.commit.slice(0, 7)})` : `#${wanted}`;
}

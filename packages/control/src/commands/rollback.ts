import { RedControlError, type ReleaseRecord, type RollbackChoices } from '@redcontrol/contract';
import type { Command } from 'commander';
import { askChoice, askYes } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { releaseNumber } from '../cli/number-argument.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';
import { startRun, waitOption, type WaitOptions } from '../runs/start-run.ts';

/** `redcontrol rollback [RELEASE] -e ENVIRONMENT` */
export function defineRollback(command: Command, cli: Cli): void {
  command
    .argument('[release]', 'number of the release to go back to (default: the one before)', releaseNumber)
    .addOption(environmentOption())
    .addOption(waitOption())
    .option('--data', 'also the data of the backup from before the migration that followed that release')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nThe release\'s image, variables and configuration come back. The data of databases and volumes stays as it is, unless --data says otherwise: then what was written since is only in a backup that is made first.')
    .action(action(cli, async (context, options: EnvironmentOptions & WaitOptions & { yes?: boolean; data?: boolean }, release: number | undefined) => {
      const environment = await chosenEnvironment(context, options);
      await withProject(context, { environment }, async ({ client, project }) => {
        const choices = await client.call('release.rollback-choices', { project, environment, ...(release === undefined ? {} : { release }) }, { signal: context.signal });
        if (options.data && !choices.backup) throw new RedControlError('NOT_FOUND', `Expected a backup from before the migration that followed #${choices.release}, none is kept`, { hint: 'Without --data the app alone goes back.' });
        if (choices.backup) for (const line of lossLines(choices, cli.now())) context.out.note(line);
        const withData = choices.backup !== null && (options.data ?? (!options.yes && (await asksForData(context))));
        if (!options.yes) {
          const releases = await client.call('release.list', { project, environment, limit: 1000 }, { signal: context.signal });
          const data = withData ? `with the data of backup ${choices.backup?.id}` : 'Its databases and volumes stay as they are.';
          const question = `Take ${environment} back to ${releaseText(releases, release)}${withData ? ` ${data}?` : `? ${data}`}`;
          if (!(await askYes(context, { message: question, instead: 'Say it with --yes.' }))) throw new RedControlError('CANCELLED', 'Cancelled: nothing was changed');
        }
        const backup = withData && choices.backup ? { backup: choices.backup.id } : {};
        await startRun(context, client, options, () => client.call('release.rollback', { project, environment, ...(release === undefined ? {} : { release }), ...backup }, { signal: context.signal }));
      });
    }));
}

async function asksForData(context: CommandContext): Promise<boolean> {
  const answer = await askChoice(context, {
    message: 'A migration lies behind that release. What goes back?', instead: 'Say it with --yes, and --data for the data.', preset: 'app',
    choices: [{ value: 'app', hint: 'the data stay: the old version has to get along with the migrated schema' }, { value: 'app and data', hint: 'what was written since the backup is lost to the app' }],
  });
  return answer === 'app and data';
}

/** What would be lost with the backup's data, as far as counts tell it. */
function lossLines({ backup, changes }: RollbackChoices, now: number): string[] {
  if (!backup) return [];
  const rows = changes.map(({ table, before, now: count }) => `  ${plainLine(table)}: ${before} rows in the backup, ${count} now`);
  return [`Backup ${backup.id} has the data of ${relativeTime(backup.createdAt, now)}, ${backup.proof}. With it everything written since would be lost${rows.length > 0 ? ', by rows:' : '; the numbers of rows are the same, changed rows are not counted.'}`, ...rows];
}

function releaseText(releases: readonly ReleaseRecord[], wanted: number | undefined): string {
  if (wanted === undefined) return 'the release before';
  const release = releases.find(({ number }) => number === wanted);
  return release ? `#${wanted} (${plainLine(release.ref)} ${release.commit.slice(0, 7)})` : `#${wanted}`;
}

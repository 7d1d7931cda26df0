import type { ReleaseRecord } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import type { Colors } from '../output/output.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';
import { printTable } from '../output/table.ts';

/** `redcontrol releases -e ENVIRONMENT` */
export function defineReleases(command: Command, cli: Cli): void {
  command
    .addOption(environmentOption())
    .option('-n, --limit <number>', 'how many', positiveNumber, 20)
    .action(action(cli, async (context, options: EnvironmentOptions & { limit: number }) => {
      const { out } = context;
      const environment = await chosenEnvironment(context, options);
      const releases = await withProject(context, { environment }, ({ client, project }) =>
        client.call('release.list', { project, environment, limit: Math.min(options.limit, 1000) }, { signal: context.signal }));
      if (out.json) return out.printJson(releases);
      printTable(out, releases, {
        empty: `No releases of ${environment} yet.`,
        columns: [
          { title: 'RELEASE', cell: ({ number }) => `#${number}`, align: 'right' },
          { title: 'STATE', cell: (release) => stateText(release, out.colors) },
          { title: 'REF', cell: ({ ref }) => plainLine(ref), flexible: true },
          { title: 'COMMIT', cell: ({ commit }) => out.colors.yellow(commit.slice(0, 7)) },
          ...(releases.some(({ apps }) => apps) ? [{ title: 'NEW IN IT', cell: newApps }] : []),
          { title: 'MESSAGE', cell: ({ message }) => plainLine(message.split('\n')[0] ?? ''), flexible: true },
          { title: 'RUN', cell: ({ runId }) => String(runId), align: 'right' },
          { title: 'LIVE', cell: ({ liveAt }) => relativeTime(liveAt, cli.now()) },
          { title: 'ROLLBACK', cell: ({ available, state }) => (state === 'live' ? '' : available ? 'possible' : out.colors.dim('image gone')) },
        ],
      });
    }));
}

/** Of several apps those that the release started; the others ran on. */
function newApps({ number, apps }: ReleaseRecord): string {
  return (apps ?? []).filter(({ release }) => release === number).map(({ name }) => name).join(', ') || '–';
}

function stateText({ state, rollbackOf }: ReleaseRecord, colors: Colors): string {
  const back = rollbackOf === null ? '' : colors.dim(' (rollback)');
  switch (state) {
    case 'live': return `${colors.green('● live')}${back}`;
    case 'retired': return `${colors.dim('○ retired')}${back}`;
    case 'failed': case 'reverted': return `${colors.red(`✗ ${state}`)}${back}`;
    case 'migrating': case 'starting': case 'switching': case 'watching': return `${colors.cyan(`▶ ${state}`)}${back}`;
  }
}

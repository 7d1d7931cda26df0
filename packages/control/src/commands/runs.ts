import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';
import { runDuration, runStatusText } from '../output/run-words.ts';
import { printTable } from '../output/table.ts';

interface RunsOptions {
  limit: number;
  before?: number;
  all?: boolean;
}

/** `redcontrol runs` */
export function defineRuns(command: Command, cli: Cli): void {
  command
    .option('-n, --limit <number>', 'how many', positiveNumber, 20)
    .option('--before <run>', 'only runs older than this one', positiveNumber)
    .option('--all', 'of all projects of the server')
    .action(action(cli, async (context, { limit, before, all }: RunsOptions) => {
      const { out } = context;
      const runs = await withProject(context, {}, ({ client, project }) =>
        client.call('run.list', { limit: Math.min(limit, 1000), ...(before ? { before } : {}), ...(all ? {} : { project }) }, { signal: context.signal }));
      if (out.json) return out.printJson(runs);
      const now = cli.now();
      printTable(out, runs, {
        empty: 'No runs yet: push a commit, or start one with `redcontrol deploy`.',
        columns: [
          { title: 'RUN', cell: ({ id }) => String(id), align: 'right' },
          ...(all ? [{ title: 'PROJECT', cell: ({ project }: (typeof runs)[number]) => project }] : []),
          { title: 'STATUS', cell: ({ status }) => runStatusText(status, out.colors) },
          { title: 'REF', cell: ({ ref }) => plainLine(ref), flexible: true },
          { title: 'COMMIT', cell: ({ commit }) => out.colors.yellow(commit.slice(0, 7)) },
          { title: 'MESSAGE', cell: ({ message }) => plainLine(message.split('\n')[0] ?? ''), flexible: true },
          { title: 'TO', cell: ({ environments }) => environments.join(', ') || '–' },
          { title: 'TOOK', cell: (run) => runDuration(run, now), align: 'right' },
          { title: 'WHEN', cell: ({ createdAt }) => relativeTime(createdAt, now) },
        ],
      });
    }));
}

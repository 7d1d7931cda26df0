import type { JobRunRecord } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { jobRunDuration, jobRunText } from '../output/job-words.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';
import { printTable } from '../output/table.ts';

/** `redcontrol job history JOB -e ENVIRONMENT` */
export function defineJobHistory(command: Command, cli: Cli): void {
  command
    .argument('<job>', 'name of the job')
    .addOption(environmentOption())
    .option('-n, --limit <number>', 'how many', positiveNumber, 20)
    .option('--before <start>', 'only starts older than this one', positiveNumber)
    .action(action(cli, async (context, options: EnvironmentOptions & { limit: number; before?: number }, job: string) => {
      const { out } = context;
      const environment = await chosenEnvironment(context, options);
      const runs = await withProject(context, { environment }, ({ client, project }) =>
        client.call('job.history', { project, environment, job, limit: Math.min(options.limit, 1000), ...(options.before ? { before: options.before } : {}) }, { signal: context.signal }));
      if (out.json) return out.printJson(runs);
      const now = cli.now();
      printTable<JobRunRecord>(out, runs, {
        empty: `${job} has not run in ${environment} yet.`,
        columns: [
          { title: 'START', cell: ({ id }) => String(id), align: 'right' },
          { title: 'STATUS', cell: ({ status }) => jobRunText(status, out.colors) },
          { title: 'EXIT', cell: ({ exitCode }) => (exitCode === null ? '–' : String(exitCode)), align: 'right' },
          { title: 'TRY', cell: ({ attempt }) => String(attempt), align: 'right' },
          { title: 'TOOK', cell: (run) => jobRunDuration(run, now), align: 'right' },
          { title: 'DUE', cell: ({ dueAt }) => relativeTime(dueAt, now) },
          { title: 'RELEASE', cell: ({ release }) => (release === null ? '–' : `#${release}`) },
          { title: 'BY', cell: ({ trigger, startedBy }) => plainLine(startedBy) || trigger },
          { title: 'NOTE', cell: noteOf, flexible: true },
        ],
      });
    }));
}

function noteOf({ status, missedCount, error }: JobRunRecord): string {
  if (status === 'missed') return missedCount === 1 ? 'once' : `${missedCount} times`;
  if (status === 'skipped') return 'the one before still ran';
  return plainLine(error?.message ?? '');
}

import type { Command } from 'commander';
import type { JobState } from '@redcontrol/contract';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { jobRunText, jobStateText } from '../output/job-words.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';
import { printTable } from '../output/table.ts';

/** `redcontrol jobs` */
export function defineJobs(command: Command, cli: Cli): void {
  command.addOption(environmentOption('environment (default: all)')).action(action(cli, async (context, { environment }: EnvironmentOptions) => {
    const { out } = context;
    const jobs = await withProject(context, environment === undefined ? {} : { environment }, ({ client, project }) =>
      client.call('job.list', { project, ...(environment === undefined ? {} : { environment }) }, { signal: context.signal }));
    if (out.json) return out.printJson(jobs);
    const now = cli.now();
    printTable<JobState>(out, jobs, {
      empty: 'No jobs: name some under `jobs` in redcontrol.yml and apply.',
      columns: [
        { title: 'JOB', cell: ({ name }) => name },
        { title: 'ENVIRONMENT', cell: (job) => job.environment },
        { title: 'STATE', cell: (job) => jobStateText(job, out.colors) },
        { title: 'NEXT', cell: ({ nextAt }) => relativeTime(nextAt, now) },
        { title: 'LAST', cell: ({ last }) => (last ? `${jobRunText(last.status, out.colors)} ${relativeTime(last.finishedAt ?? last.startedAt ?? last.dueAt, now)}` : '–') },
        { title: 'SCHEDULE', cell: ({ cron, timeZone }) => `${cron} ${timeZone}` },
        { title: 'COMMAND', cell: ({ command: text }) => plainLine(text), flexible: true },
      ],
    });
  }));
}

import { RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { jobHint, printJobLog } from '../jobs/print-job-log.ts';

interface LogsOptions extends EnvironmentOptions {
  start?: number;
  follow?: boolean;
}

/** `redcontrol job logs JOB -e ENVIRONMENT [--start N] [-f]` */
export function defineJobLogs(command: Command, cli: Cli): void {
  command
    .argument('<job>', 'name of the job')
    .addOption(environmentOption())
    .option('--start <number>', 'of this start (default: the newest that ran)', positiveNumber)
    .option('-f, --follow', 'go on until it has ended')
    .action(action(cli, async (context, options: LogsOptions, job: string) => {
      const environment = await chosenEnvironment(context, options);
      await withProject(context, { environment }, async ({ client, project }) => {
        const owner = { project, environment, job };
        const start = options.start ?? (await client.call('job.history', { ...owner, limit: 100 }, { signal: context.signal })).find(({ status }) => status !== 'skipped' && status !== 'missed')?.id;
        if (start === undefined) throw new RedControlError('NOT_FOUND', `Expected a start of job ${job} in ${environment}, there is none`, { hint: `Start it: redcontrol job run ${job} -e ${environment}` });
        await printJobLog(context, client, { ...owner, start, follow: options.follow === true }).catch((error: unknown) => { throw jobHint(error, owner); });
      });
    }));
}

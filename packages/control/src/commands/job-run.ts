import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { jobEndError, jobHint, printJobLog } from '../jobs/print-job-log.ts';
import { jobRunDuration, jobRunText } from '../output/job-words.ts';
import { waitOption, type WaitOptions } from '../runs/start-run.ts';

/** `redcontrol job run JOB -e ENVIRONMENT` */
export function defineJobRun(command: Command, cli: Cli): void {
  command
    .argument('<job>', 'name of the job')
    .addOption(environmentOption())
    .addOption(waitOption())
    .action(action(cli, async (context, options: EnvironmentOptions & WaitOptions, job: string) => {
      const { out } = context;
      const environment = await chosenEnvironment(context, options);
      await withProject(context, { environment }, async ({ client, project }) => {
        const owner = { project, environment, job };
        const begun = await client.call('job.run', owner, { signal: context.signal });
        if (!options.wait) return out.json ? out.printJson(begun) : out.print(`Start ${begun.id} of ${job} is due. See it: redcontrol job logs ${job} -e ${environment} -f`);
        const ended = await printJobLog(context, client, { ...owner, start: begun.id, follow: true }).catch((error: unknown) => { throw jobHint(error, owner); });
        if (out.json) out.printJsonLine(ended);
        else out.note(`${jobRunText(ended.status, out.colors)} ${job} in ${jobRunDuration(ended, cli.now())}`);
        const error = jobEndError(ended);
        if (error) throw error;
      });
    }));
}

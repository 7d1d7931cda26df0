import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { startRun, waitOption, type WaitOptions } from '../runs/start-run.ts';

/** `redcontrol preview create BRANCH` */
export function definePreviewCreate(command: Command, cli: Cli): void {
  command
    .argument('<branch>', 'a branch that fits a pattern of `preview`')
    .addOption(waitOption())
    .action(action(cli, async (context, options: WaitOptions, branch: string) => {
      await withProject(context, {}, ({ client, project }) =>
        startRun(context, client, options, () => client.call('preview.create', { project, branch }, { signal: context.signal })));
    }));
}

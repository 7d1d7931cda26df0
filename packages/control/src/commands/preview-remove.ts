import { RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import { askYes } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';

/** `redcontrol preview remove PREVIEW` */
export function definePreviewRemove(command: Command, cli: Cli): void {
  command
    .argument('<preview>', 'its name, as `redcontrol previews` shows it')
    .option('-y, --yes', 'do not ask')
    .action(action(cli, async (context, options: { yes?: boolean }, environment: string) => {
      const { out } = context;
      if (!options.yes && !(await askYes(context, { message: `Remove ${environment} with its database and volumes?`, instead: 'Say it with --yes.' }))) throw new RedControlError('CANCELLED', 'Cancelled: nothing was removed');
      const state = await withProject(context, { environment }, ({ client, project }) => client.call('preview.remove', { project, environment }, { signal: context.signal }));
      if (out.json) return out.printJson(state);
      out.print(`${environment} is being removed. The next push to its branch makes a new one.`);
    }));
}

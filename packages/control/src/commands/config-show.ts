import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { positiveNumber } from '../cli/number-argument.ts';

/** `redcontrol config show [REVISION]` */
export function defineConfigShow(command: Command, cli: Cli): void {
  command
    .argument('[revision]', 'number of the revision (default: the one in force)', positiveNumber)
    .addHelpText('after', '\nTo go back to an earlier revision:\n  redcontrol config show 7 > redcontrol.yml && redcontrol apply')
    .action(action(cli, async (context, _options: object, revision: number | undefined) => {
      const shown = await withProject(context, {}, ({ client, project }) =>
        client.call('project.config', { project, ...(revision === undefined ? {} : { revision }) }, { signal: context.signal }));
      if (context.out.json) return context.out.printJson(shown);
      context.out.print(shown.config.trimEnd());
    }));
}

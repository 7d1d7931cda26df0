import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';

/** `redcontrol look` */
export function defineLook(command: Command, cli: Cli): void {
  command.action(action(cli, async (context) => {
    const { started } = await withProject(context, {}, ({ client, project }) => client.call('source.look', { project }, { signal: context.signal }));
    if (context.out.json) return context.out.printJson({ started });
    context.out.print(started.length === 0 ? 'Nothing new in the repository.' : `New: ${started.length === 1 ? 'run' : 'runs'} ${started.join(', ')}. Watch: redcontrol run logs ${started[0]} -f`);
  }));
}

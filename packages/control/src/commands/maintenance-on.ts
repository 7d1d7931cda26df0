import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { plainLine } from '../output/plain-text.ts';

interface Options extends EnvironmentOptions {
  message?: string;
  allow: string[];
  allowMe?: boolean;
}

/** `redcontrol maintenance on -e ENVIRONMENT [--message TEXT] [--allow ADDRESS] [--allow-me]` */
export function defineMaintenanceOn(command: Command, cli: Cli): void {
  command
    .addOption(environmentOption())
    .option('-m, --message <text>', 'what the page says, one line; left out: its own words in English or Russian')
    .option('--allow <address>', 'an address or network that gets the app as ever; may be given several times', (value: string, all: string[]) => [...all, value], [])
    .option('--allow-me', 'also let in the address from which you reach the server')
    .action(action(cli, async (context, { message, allow, allowMe, ...options }: Options) => {
      const environment = await chosenEnvironment(context, options);
      const state = await withProject(context, { environment }, ({ client, project }) =>
        client.call('maintenance.start', { project, environment, ...(message === undefined ? {} : { message }), letIn: allow, letMeIn: allowMe ?? false }, { signal: context.signal }));
      if (context.out.json) return context.out.printJson(state);
      const letIn = state.maintenance?.letIn ?? [];
      context.out.print(`Visitors of ${environment} get the maintenance page (503)${letIn.length > 0 ? `, all but those from ${plainLine(letIn.join(', '))}` : ''}. End it with: redcontrol maintenance off -e ${environment}`);
    }));
}

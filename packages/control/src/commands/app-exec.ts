import { Option, type Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { runSession } from '../session/run-session.ts';

interface ExecOptions extends EnvironmentOptions {
  process: string;
  instance: number;
}

/** `redcontrol app exec -e ENVIRONMENT -- COMMAND…` */
export function defineAppExec(command: Command, cli: Cli): void {
  withPlace(command)
    .argument('<command...>', 'command and its arguments, after --')
    .addHelpText('after', '\nOn a terminal the command gets one too; else its three streams are passed on byte for byte. The exit code is the command\'s.')
    .action(action(cli, (context, options: ExecOptions, words: string[]) => exec(context, options, words)));
}

/** `redcontrol app shell -e ENVIRONMENT` */
export function defineAppShell(command: Command, cli: Cli): void {
  withPlace(command).action(action(cli, (context, options: ExecOptions) => exec(context, options, undefined)));
}

function withPlace(command: Command): Command {
  return command
    .addOption(environmentOption())
    .addOption(new Option('-p, --process <name>', 'process whose container it is').default('web'))
    .option('--instance <number>', 'which of its instances', positiveNumber, 1);
}

async function exec(context: CommandContext, options: ExecOptions, command: string[] | undefined): Promise<void> {
  const environment = await chosenEnvironment(context, options);
  await withProject(context, { environment }, async ({ client, project }) => {
    const place = { project, environment, process: options.process, instance: options.instance, ...(command ? { command } : {}) };
    const exitCode = await runSession(context, client, (session) => client.call('app.exec', { ...place, ...session }, { signal: context.signal }));
    context.cli.endWith?.(exitCode);
  });
}

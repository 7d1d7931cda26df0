import { Command } from 'commander';
import { commandContext, type CommandContext, type GlobalOptions } from './cli/command-context.ts';
import type { Cli } from './cli/cli.ts';
import { defineConnect } from './commands/connect.ts';
import { defineDeployments } from './commands/deployments.ts';
import { defineHook } from './commands/hook.ts';
import { defineLog } from './commands/log.ts';
import { defineOpen } from './commands/open.ts';
import { definePrompt } from './commands/prompt.ts';
import { defineRun } from './commands/run.ts';
import { defineServe } from './commands/serve.ts';
import { defineService } from './commands/service.ts';
import { defineStatus } from './commands/status.ts';
import { defineTray } from './commands/tray.ts';
import { defineWait } from './commands/wait.ts';
import { defineWatch } from './commands/watch.ts';
import { version } from './version.ts';

/** How a command's work is bound to its options: `action` gets the context first. */
export type Bind = <Args extends unknown[]>(work: (context: CommandContext, ...args: Args) => Promise<void>) => (...args: Args) => Promise<void>;

export function createProgram(cli: Cli): Command {
  const program = new Command('redwatch')
    .description('Tells you what your push did.')
    .version(version, '-V, --version', 'print the version')
    .option('-s, --server <name>', 'one of the connected servers')
    .option('-p, --project <name>', 'project (default: the one of this folder\'s git remote)')
    .option('--json', 'results and errors as JSON')
    .option('--no-color', 'no colours (also: NO_COLOR=1)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => void cli.stdout.write(text), writeErr: (text) => void cli.stdout.write(text), outputError: () => {} })
    .exitOverride()
    .addHelpText('after', '\nExit codes: 0 done or passed, 1 internal, 2 usage, 3 not found or no verdict yet, 4 forbidden, 5 server out of reach, 7 run failed, 130 cancelled.');
  const bind: Bind = (work) => async (...args) => work(await commandContext(cli, program.opts<GlobalOptions>()), ...args);
  for (const define of [
    defineConnect, defineStatus, defineWatch, defineLog, defineDeployments, defineWait, defineOpen, defineRun, defineService, defineHook, definePrompt, defineServe, defineTray,
  ]) define(program, bind);
  return program;
}

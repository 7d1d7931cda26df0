import { Command } from 'commander';
import type { Cli } from './cli/cli.ts';
import { addCommands } from './commands/index.ts';
import { version } from './version.ts';

/**
 * The command line with only those commands loaded whose names are in `args`:
 * the others are known by name and description, which is all that the help needs.
 */
export async function createProgram(cli: Cli, args: readonly string[]): Promise<Command> {
  const program = new Command('redcontrol')
    .description('Tests and deploys what you push, on your own server.')
    .version(version, '-V, --version', 'print the version')
    .option('-c, --config <file>', 'configuration file (default: redcontrol.yml here or in a folder above)')
    .option('-s, --server <name>', 'one of the configuration\'s servers')
    .option('--project <name>', 'project, where no configuration file says it')
    .option('-i, --identity <file>', 'private key for SSH')
    .option('--ssh-config <file>', 'OpenSSH configuration file, as ssh -F')
    .option('--socket <path>', 'unix socket of a daemon on this machine, instead of SSH')
    .option('--accept-host-key <fingerprint>', 'host key (SHA256:…) to trust at the first contact')
    .option('--json', 'results and errors as JSON')
    .option('--no-color', 'no colours (also: NO_COLOR=1)')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .helpCommand('help [command]', 'explain a command')
    .addHelpText('after', '\nExit codes: 0 done, 1 internal, 2 usage or configuration, 3 not found or conflict, 4 forbidden, 5 server out of reach, 6 repository, 7 run or release failed, 8 limits of the server, 130 cancelled.');
  program.configureOutput({ writeOut: (text) => void cli.stdout.write(text), writeErr: () => {} }).exitOverride();
  await addCommands(program, cli, (name) => args.includes(name));
  const complete = program.command('complete', { hidden: true }).description('words for the shells\' completion');
  if (args.includes('complete')) (await import('./completion/define-complete.ts')).defineComplete(complete, cli, addCommands);
  return program;
}

import { CommanderError } from 'commander';
import type { Cli } from './cli/cli.ts';
import { createProgram } from './program.ts';

/** Runs one command line to its end and says with which code the process ends. Never throws. */
export async function runCli(cli: Cli, args: readonly string[]): Promise<number> {
  const options = { json: args.includes('--json'), color: !args.includes('--no-color') };
  try {
    const program = await createProgram(cli, args);
    if (args.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    const { printError } = await import('./output/print-error.ts');
    return printError(cli, await meaningOf(thrown, cli), options);
  }
}

async function meaningOf(thrown: unknown, cli: Cli): Promise<unknown> {
  if (thrown instanceof CommanderError) return usageError(thrown);
  const { RedControlError } = await import('@redcontrol/contract');
  // After Ctrl-C, what fails with an error of its own (a stream, a timer) fails because of that.
  if (cli.signal.aborted && !(thrown instanceof RedControlError)) return new RedControlError('CANCELLED', 'Cancelled', { cause: thrown });
  return thrown;
}

/** What commander says is wrong in the command line, as an error of this program. */
async function usageError(error: CommanderError): Promise<unknown> {
  const { RedControlError } = await import('@redcontrol/contract');
  if (error.code === 'commander.help') return new RedControlError('USAGE', 'Expected one of this command\'s commands, got none', { hint: 'See them with --help.' });
  const [message = '', guess] = error.message.replace(/^error: /, '').split('\n');
  const meant = /Did you mean .*\?/.exec(guess ?? '')?.[0];
  return new RedControlError('USAGE', message.charAt(0).toUpperCase() + message.slice(1), { hint: meant ?? 'See `redcontrol --help`.' });
}

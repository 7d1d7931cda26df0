import { CommanderError } from 'commander';
import { asRedControlError, errorCodes, RedControlError } from '@redcontrol/contract';
import { plainLine } from './cli/plain-line.ts';
import type { Cli } from './cli/cli.ts';
import { createProgram } from './program.ts';

/** Runs one command line to its end and says with which code the process ends. Never throws. */
export async function runCli(cli: Cli, args: readonly string[]): Promise<number> {
  try {
    const program = createProgram(cli);
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError && (thrown.exitCode === 0 || thrown.code === 'commander.help')) return thrown.exitCode === 0 ? 0 : 2;
    const error = meaningOf(thrown, cli);
    if (args.includes('--json')) cli.stderr.write(`${JSON.stringify({ error })}\n`);
    else cli.stderr.write(`error ${error.code}: ${plainLine(error.message)}\n${error.hint ? `hint: ${plainLine(error.hint)}\n` : ''}`);
    return errorCodes[error.code];
  }
}

function meaningOf(thrown: unknown, cli: Cli): RedControlError {
  if (thrown instanceof CommanderError) {
    const message = thrown.message.replace(/^error: /, '').split('\n')[0] ?? '';
    return new RedControlError('USAGE', message.charAt(0).toUpperCase() + message.slice(1), { hint: 'See `redwatch --help`.' });
  }
  // After Ctrl-C, what fails with an error of its own fails because of that.
  if (cli.signal.aborted && !(thrown instanceof RedControlError)) return new RedControlError('CANCELLED', 'Cancelled', { cause: thrown });
  return asRedControlError(thrown);
}

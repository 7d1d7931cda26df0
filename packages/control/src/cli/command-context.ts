import type { Command } from 'commander';
import { createOutput, type Output } from '../output/output.ts';
import type { Cli, GlobalOptions } from './cli.ts';

/** What a command works with. */
export interface CommandContext {
  cli: Cli;
  global: GlobalOptions;
  out: Output;
  signal: AbortSignal;
}

type Action<Options, Args extends unknown[]> = (context: CommandContext, options: Options, ...args: Args) => Promise<void>;

/** A commander action from a function of a context, the command's options and its arguments. */
export function action<Options, Args extends unknown[]>(cli: Cli, run: Action<Options, Args>) {
  return async (...all: unknown[]): Promise<void> => {
    const command = all.at(-1) as Command;
    const global = command.optsWithGlobals<GlobalOptions>();
    const context = { cli, global, out: createOutput(cli, global), signal: cli.signal };
    await run(context, command.opts<Options & object>() as Options, ...(all.slice(0, -2) as Args));
  };
}

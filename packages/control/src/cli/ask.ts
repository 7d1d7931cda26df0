import type { Writable } from 'node:stream';
import { RedControlError } from '@redcontrol/contract';
import { isInteractive, type Cli } from './cli.ts';
import type { CommandContext } from './command-context.ts';

/** Asks yes or no on the terminal. Without a terminal it throws USAGE, naming the option to give instead. */
export async function askYes(context: CommandContext, question: { message: string; instead: string; preset?: boolean }): Promise<boolean> {
  requireTerminal(context.cli, question.instead);
  const { confirm } = await import('@clack/prompts');
  return answered(await confirm({ message: question.message, initialValue: question.preset ?? false, ...streams(context) }));
}

/** Asks for one of several on the terminal. Without a terminal it throws USAGE, naming the option to give instead. */
export async function askChoice<Value extends string>(
  context: CommandContext,
  question: { message: string; instead: string; choices: readonly { value: Value; hint?: string }[]; preset?: Value },
): Promise<Value> {
  requireTerminal(context.cli, question.instead);
  const { select } = await import('@clack/prompts');
  const options = question.choices.map(({ value, hint }) => ({ value, label: value, ...(hint ? { hint } : {}) }));
  return answered(await select<string>({ message: question.message, options, ...(question.preset ? { initialValue: question.preset } : {}), ...streams(context) })) as Value;
}

/** Asks for a line of text on the terminal. `check` says what is wrong with it, or undefined. */
export async function askText(
  context: CommandContext,
  question: { message: string; instead: string; preset?: string; check?: (text: string) => string | undefined },
): Promise<string> {
  requireTerminal(context.cli, question.instead);
  const { text } = await import('@clack/prompts');
  return answered(await text({
    message: question.message,
    ...(question.preset ? { initialValue: question.preset } : {}),
    validate: (value) => question.check?.(value ?? ''),
    ...streams(context),
  }));
}

/** Asks for a text that is not shown while it is typed. */
export async function askHidden(context: CommandContext, question: { message: string; instead: string }): Promise<string> {
  requireTerminal(context.cli, question.instead);
  const { password } = await import('@clack/prompts');
  return answered(await password({ message: question.message, validate: (value) => (value ? undefined : 'Type it, or press Ctrl-C'), ...streams(context) }));
}

function requireTerminal(cli: Cli, instead: string): void {
  if (isInteractive(cli)) return;
  throw new RedControlError('USAGE', 'Expected an answer from a person, got no terminal to ask on', { hint: instead });
}

/** The questions stand on stderr, so that the result on stdout stays clean. */
function streams({ cli, signal }: CommandContext): { input: Cli['stdin']; output: Writable; signal: AbortSignal } {
  return { input: cli.stdin, output: cli.stderr, signal };
}

function answered<Value>(answer: Value): Exclude<Value, symbol> {
  if (typeof answer === 'symbol') throw new RedControlError('CANCELLED', 'Cancelled: nothing was changed');
  return answer as Exclude<Value, symbol>;
}

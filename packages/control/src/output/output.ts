import pc from 'picocolors';
import type { Cli, GlobalOptions } from '../cli/cli.ts';

export type Colors = ReturnType<typeof pc.createColors>;

/** Where a command says what it has to say: results on stdout, all else on stderr. */
export interface Output {
  /** Results are wanted as JSON. */
  json: boolean;
  colors: Colors;
  /** Columns of the terminal; Infinity where the output is no terminal. */
  width: number;
  /** A line of the result, for people. Nothing with --json. */
  print(line?: string): void;
  /** A result as JSON, pretty. */
  printJson(value: unknown): void;
  /** One of many results as a line of JSON. */
  printJsonLine(value: unknown): void;
  /** A line beside the result: progress, advice. Nothing with --json. */
  note(line?: string): void;
}

export function createOutput(cli: Cli, options: Pick<GlobalOptions, 'json' | 'color'>): Output {
  const json = options.json === true;
  return {
    json,
    colors: pc.createColors(usesColor(cli, options)),
    width: cli.stdout.isTTY ? (cli.stdout.columns ?? 80) : Infinity,
    print: (line = '') => void (json || cli.stdout.write(`${line}\n`)),
    printJson: (value) => void cli.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    printJsonLine: (value) => void cli.stdout.write(`${JSON.stringify(value)}\n`),
    note: (line = '') => void (json || cli.stderr.write(`${line}\n`)),
  };
}

/** Colour on a terminal, unless NO_COLOR (https://no-color.org) or --no-color; FORCE_COLOR asks for it elsewhere. */
export function usesColor(cli: Cli, { color }: { color?: boolean | undefined }): boolean {
  if (color === false || cli.variables.NO_COLOR) return false;
  if (cli.variables.FORCE_COLOR) return true;
  return cli.stdout.isTTY === true && cli.variables.TERM !== 'dumb';
}

import { createColors } from 'picocolors';
import type { Cli } from './cli.ts';
import { userPlaces, type UserPlaces } from '../settings/user-places.ts';
import { readSettings, type Settings } from '../settings/settings.ts';
import { chooseWords, type Words } from '../words/words.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  server?: string;
  project?: string;
  json?: boolean;
  /** false: --no-color. */
  color?: boolean;
}

/** What a command works with. */
export interface CommandContext {
  cli: Cli;
  places: UserPlaces;
  settings: Settings;
  words: Words;
  colors: ReturnType<typeof createColors>;
  global: GlobalOptions;
  signal: AbortSignal;
  print(line: string): void;
  /** Hints and progress, which are no result. */
  note(line: string): void;
  printJson(value: unknown): void;
}

/** Throws CONFIG_INVALID when the user's settings file is not one. */
export async function commandContext(cli: Cli, global: GlobalOptions): Promise<CommandContext> {
  const places = userPlaces(cli.variables);
  const settings = await readSettings(places.settings);
  const colored = global.color !== false && !cli.variables.NO_COLOR && cli.stdout.isTTY === true;
  return {
    cli, places, settings, global,
    words: chooseWords(settings.language, cli.variables),
    colors: createColors(colored),
    signal: cli.signal,
    print: (line) => void cli.stdout.write(`${line}\n`),
    note: (line) => void cli.stderr.write(`${line}\n`),
    printJson: (value) => void cli.stdout.write(`${JSON.stringify(value)}\n`),
  };
}

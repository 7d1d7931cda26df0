import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';

/** Adds a command's arguments, options, subcommands and action. */
export type DefineCommand = (command: Command, cli: Cli) => void;

export interface CommandEntry {
  name: string;
  description: string;
  /** Loads the file of the command, only when it is used. */
  load(): Promise<DefineCommand>;
}

/** All commands in the order in which the help lists them. */
export const commands: readonly CommandEntry[] = [
  { name: 'check', description: 'check redcontrol.yml without contacting a server', load: async () => (await import('./check.ts')).defineCheck },
  { name: 'schema', description: 'print the JSON Schema of redcontrol.yml, for editors', load: async () => (await import('./schema.ts')).defineSchema },
];

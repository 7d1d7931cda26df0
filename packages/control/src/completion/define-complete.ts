import { processNames } from '@redcontrol/contract';
import { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { channelSecrets } from '../apply/missing-secrets.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { readConfigFile } from '../cli/find-config.ts';
import { completeWords, type KnownNames } from './complete-words.ts';

/** Adds all commands of this program to another one. */
export type AddCommands = (program: Command, cli: Cli, isWanted: (name: string) => boolean) => Promise<void>;

/** `redcontrol complete -- WORD…`, which the shells' completion scripts call. */
export function defineComplete(command: Command, cli: Cli, addCommands: AddCommands): void {
  command.argument('[words...]').action(action(cli, async (context, _options: object, words: string[]) => {
    const program = new Command();
    for (const option of command.parent?.options ?? []) program.addOption(option);
    await addCommands(program, cli, () => true);
    for (const { word, description } of completeWords(program, words.length > 0 ? words : [''], await knownNames(context))) cli.stdout.write(`${word}\t${description}\n`);
  }));
}

/** Names of the configuration; none where it cannot be read, since nobody wants errors while typing. */
async function knownNames(context: CommandContext): Promise<KnownNames> {
  try {
    const { config } = await readConfigFile(context);
    return {
      environments: Object.keys(config.environments),
      servers: Object.keys(config.servers),
      secrets: [...Object.values(config.environments).flatMap(({ secrets }) => secrets), ...channelSecrets(config).map(({ name }) => name)],
      people: config.people.map(({ name }) => name),
      jobs: Object.keys(config.jobs),
      processes: processNames(config),
      channels: Object.keys(config.channels),
    };
  } catch {
    return { environments: [], servers: [], secrets: [], people: [], channels: [], jobs: [], processes: [] };
  }
}

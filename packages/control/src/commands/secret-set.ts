import { RedControlError, variableName } from '@redcontrol/contract';
import type { Command } from 'commander';
import { askHidden } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withSecretServers } from '../cli/with-secret-servers.ts';
import { channelsOption, chosenSecretPlace, environmentOption, type SecretOptions } from '../cli/environment-option.ts';
import { readStdin } from '../cli/read-stdin.ts';

/** The contract's limit of a secret's length. */
const maxSecretBytes = 65_536;

/** `redcontrol secret set NAME -e ENVIRONMENT | --channels` */
export function defineSecretSet(command: Command, cli: Cli): void {
  command
    .argument('<name>', 'name of the secret')
    .argument('[value]', 'never here: other users of this machine see arguments')
    .addOption(environmentOption())
    .addOption(channelsOption())
    .usage('[options] <name>')
    .addHelpText('after', '\nThe value is asked for without showing it, or read from standard input:\n  redcontrol secret set SECRET_KEY -e production < key.txt')
    .action(action(cli, async (context, options: SecretOptions, name: string, value: string | undefined) => {
      if (value !== undefined) {
        throw new RedControlError('USAGE', 'Expected the secret\'s value from a prompt or standard input, got it as an argument', { hint: 'It is in your shell\'s history now: take another value, and give it as `redcontrol secret set NAME < file`.' });
      }
      if (!variableName.safeParse(name).success) throw new RedControlError('USAGE', `Expected a name of letters, digits and "_", got ${JSON.stringify(name)}`);
      const environment = await chosenSecretPlace(context, options);
      const secret = await secretValue(context, options.channels ? name : `${name} for ${environment}`);
      await withSecretServers(context, environment, ({ client, project }) =>
        client.call('secret.set', { project, environment, name, value: secret }, { signal: context.signal }));
      if (context.out.json) return context.out.printJson({ environment, name, set: true });
      context.out.print(`${context.out.colors.green('✓')} ${options.channels ? `${name} is set. What waits for it is sent now.` : `${name} of ${environment} is set. The next deployment gets it.`}`);
    }));
}

async function secretValue(context: CommandContext, what: string): Promise<string> {
  const isTyped = context.cli.stdin.isTTY === true;
  const value = isTyped ? await askHidden(context, { message: what, instead: 'Give the value on standard input.' }) : await readStdin(context.cli, maxSecretBytes);
  if (value === '') throw new RedControlError('USAGE', 'Expected a value, got nothing', { hint: 'An empty variable needs no secret: write it under "variables".' });
  return value;
}

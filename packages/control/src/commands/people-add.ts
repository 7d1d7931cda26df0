import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { keyIdentity, person, RedControlError, roles, type Role } from '@redcontrol/contract';
import { Option, type Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { changeConfigFile } from '../cli/change-config-file.ts';
import { readConfigFile } from '../cli/find-config.ts';
import { readStdin } from '../cli/read-stdin.ts';
import { fingerprintOf } from '@redcontrol/client/host-key';

const maxKeyBytes = 16_384;

/** `redcontrol people add NAME [KEYFILE]` */
export function definePeopleAdd(command: Command, cli: Cli): void {
  command
    .argument('<name>', 'name of the person')
    .argument('[keyfile]', 'file with the public key, e.g. id_ed25519.pub (default: standard input)')
    .addOption(new Option('--role <role>', 'what they may do').choices([...roles]).default('developer'))
    .addHelpText('after', '\nadmin: everything. developer: read, logs, cancel and retry runs. viewer: read.\nOnly redcontrol.yml is changed; `redcontrol apply` brings it to the servers.')
    .action(action(cli, async (context, { role }: { role: Role }, name: string, keyFile: string | undefined) => {
      const key = publicKey(keyFile === undefined ? await readStdin(cli, maxKeyBytes) : await readKeyFile(context, keyFile));
      const entry = person.safeParse({ name, key, role });
      if (!entry.success) throw new RedControlError('USAGE', `Expected ${entry.error.issues[0]?.message}, got ${JSON.stringify(key.slice(0, 40))}`, { hint: 'Give the file that ends with .pub, not the private key.' });
      const file = await readConfigFile(context);
      const { config } = file;
      const known = config.people.find((one) => keyIdentity(one.key) === keyIdentity(key));
      if (known) throw new RedControlError('CONFLICT', `Expected a key that nobody has yet, got that of ${known.name} (${known.role})`);
      await changeConfigFile(context, { file, change: ['people', config.people.length], value: entry.data });
      const fingerprint = fingerprintOf(key.split(' ')[1] ?? '');
      if (context.out.json) return context.out.printJson({ name, role, fingerprint });
      context.out.print(`${context.out.colors.green('✓')} ${name} is added as ${role} with the key ${fingerprint}. Bring it to the servers: redcontrol apply`);
    }));
}

/** The one key of a text. A private key never gets further than here. */
function publicKey(text: string): string {
  if (/PRIVATE KEY/.test(text)) throw new RedControlError('USAGE', 'Expected a public key, got a private one', { hint: 'Give the file that ends with .pub. Nothing of the private key was kept.' });
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length !== 1) throw new RedControlError('USAGE', `Expected one line with a public key, got ${lines.length}`);
  return (lines[0] ?? '').replace(/\s+/g, ' ');
}

async function readKeyFile({ cli }: CommandContext, file: string): Promise<string> {
  try {
    return (await readFile(resolve(cli.folder, file), 'utf8')).slice(0, maxKeyBytes);
  } catch (cause) {
    throw new RedControlError('NOT_FOUND', `Expected a public key in ${file}, got: ${(cause as Error).message}`, { cause });
  }
}

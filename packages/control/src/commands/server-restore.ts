import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { withKnownHost } from '@redcontrol/client/host-key';
import type { SshTarget } from '@redcontrol/system';
import type { Command } from 'commander';
import { wantedInstall } from '../apply/wanted-install.ts';
import { askYes } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { sshTarget } from '../cli/connect.ts';
import { readConfigFile } from '../cli/find-config.ts';
import { firstContact } from '../cli/first-contact.ts';
import { onlyServer } from '../cli/only-server.ts';
import { applyInstall, checkState, inspectServer, planInstall, takeState, type CheckedState } from '../install/index.ts';
import { createProgress } from '../output/progress.ts';

interface RestoreOptions {
  key: string;
  yes?: boolean;
}

/** `redcontrol server restore FILE --key KEY-FILE` */
export function defineServerRestore(command: Command, cli: Cli): void {
  command
    .argument('<file>', 'what `redcontrol server backup` wrote')
    .requiredOption('--key <file>', 'what `redcontrol backup key` printed')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nThe server gets RedControl where it has none, and must have no projects. All of the file is read and compared there before anything is changed.\nWhat was live is deployed again; then bring the data back: redcontrol restore.')
    .action(action(cli, async (context, options: RestoreOptions, file: string) => {
      const { out } = context;
      const identity = await readIdentity(resolve(cli.folder, options.key));
      const { config } = await readConfigFile(context);
      const server = onlyServer(Object.keys(config.servers), context.global.server);
      const target = sshTarget(context, config, server);
      await withKnownHost(target, firstContact(context), () => install(context, target));
      const found = await checkState(target, { path: resolve(cli.folder, file), identity, signal: context.signal });
      if (!options.yes && !(await askYes(context, { message: question(found, server), instead: 'Say it with --yes.' }))) throw new RedControlError('CANCELLED', 'Cancelled: nothing was changed');
      await takeState(target);
      if (out.json) return out.printJson({ server, ...found });
      out.print(`${out.colors.green('✓')} ${server} has the state of ${found.hostname}: ${found.projects.join(', ') || 'no projects'}. What was live there is deployed again: redcontrol status.`);
    }));
}

function question({ hostname, createdAt, projects }: CheckedState, server: string): string {
  return `Bring the state of ${hostname} as of ${new Date(createdAt).toISOString().slice(0, 16).replace('T', ' ')} UTC (${projects.join(', ') || 'no projects'}) to ${server}? The other server must not deploy any more.`;
}

async function install(context: CommandContext, target: SshTarget): Promise<void> {
  const { signal } = context;
  const plan = planInstall(await inspectServer(target, { signal }), await wantedInstall(context.cli.variables));
  const progress = createProgress(context, (id) => plan.find((operation) => operation.id === id)?.description);
  await applyInstall(target, plan, { signal, onProgress: progress.tell }).finally(progress.end);
}

async function readIdentity(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new RedControlError('USAGE', `Expected to read the key ${path}, got: ${(cause as Error).message}`, { cause });
  });
  const identity = /^AGE-SECRET-KEY-1[0-9A-Z]+$/m.exec(text)?.[0];
  if (!identity) throw new RedControlError('USAGE', `Expected a line AGE-SECRET-KEY-1… in ${path}, got none`, { hint: 'It is what `redcontrol backup key` printed while the server was there.' });
  return identity;
}

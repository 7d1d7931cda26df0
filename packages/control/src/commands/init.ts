import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { person, RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import { askYes } from '../cli/ask.ts';
import { isInteractive, type Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { configFileName } from '../cli/find-config.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { chooseConfig, type InitOptions } from '../init/choose-config.ts';
import { addChoiceOptions } from '../init/init-options.ts';
import type { InitChoices } from '../init/render-config.ts';
import { refuseExistingConfig, writeNewConfig } from '../init/write-new-config.ts';
import { readGit } from '../repository/read-git.ts';

interface InitCommandOptions extends InitOptions {
  force?: boolean;
  key?: string;
}

/** `redcontrol init [FOLDER]` */
export function defineInit(command: Command, cli: Cli): void {
  addChoiceOptions(command
    .argument('[folder]', 'working copy of the repository', '.')
    .option('--host <host>', 'server to deploy to')
    .option('--user <user>', 'user to install as', 'root')
    .option('--port <number>', 'port of SSH', positiveNumber, 22)
    .option('--name <name>', 'name of the project (default: the repository\'s)'))
    .option('--key <file>', 'public SSH key of an administrator')
    .action(action(cli, async (context, options: InitCommandOptions, folderName: string) => {
      const folder = resolve(cli.folder, folderName);
      if (!(await exists(folder))) throw new RedControlError('NOT_FOUND', `Expected a folder ${folderName}, got none`);
      const git = await readGit(folder, context.signal);
      const top = git?.root ?? folder;
      const path = join(top, configFileName);
      await refuseExistingConfig(path, { top, force: options.force });
      const { choices, notes } = await chooseConfig(context, { folder: top, git, options });
      choices.person = await choosePerson(context, git?.userName, options.key);
      await writeNewConfig(path, choices);
      report(context, { path, choices, notes });
    }));
}

async function choosePerson(context: CommandContext, userName: string | undefined, keyFile: string | undefined): Promise<InitChoices['person']> {
  const own = join(homedir(), '.ssh', 'id_ed25519.pub');
  const mayAsk = isInteractive(context.cli) && (await exists(own));
  if (keyFile === undefined && !(mayAsk && (await askYes(context, { message: `Let your key ${own} in as administrator?`, preset: true, instead: 'Name it with --key.' })))) return undefined;
  const file = keyFile === undefined ? own : resolve(context.cli.folder, keyFile);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RedControlError('NOT_FOUND', `Expected a public key in ${file}, got: ${(cause as Error).message}`, { cause });
  });
  const entry = { name: userName ?? 'admin', key: text.trim() };
  if (!person.safeParse({ ...entry, role: 'admin' }).success) throw new RedControlError('USAGE', `Expected a public SSH key in ${file}, got something else`, { hint: 'Give the file that ends with .pub.' });
  return entry;
}

function report({ out }: CommandContext, { path, choices, notes }: { path: string; choices: InitChoices; notes: readonly string[] }): void {
  if (out.json) return out.printJson({ file: path, ...choices, notes });
  const { colors } = out;
  const rows: [string, { value: unknown; why: string } | undefined][] = [
    ['project', choices.project], ['repository', choices.repository], ['framework', choices.framework], ['root', choices.root], ...(choices.apps ?? []).map(({ name, root, framework, path = '/', why }): [string, { value: string; why: string }] => ['app', { value: `${name}: ${framework} in ${root}, at ${path}`, why }]), ['server', choices.host],
    ['production', choices.tag ? { value: `${choices.tag.value} on ${choices.main.value}`, why: `${choices.main.why}; ${choices.tag.why}` } : choices.main],
    ['test', choices.test], ['database', choices.database], ['redis', choices.redis ? { value: 'yes', why: choices.redis.why } : undefined],
  ];
  out.print(`${colors.green('✓')} ${path} is written.`);
  for (const [title, choice] of rows) if (choice) out.print(`  ${title.padEnd(11)} ${colors.bold(String(choice.value))} ${colors.dim(`(${choice.why})`)}`);
  if (!choices.test) out.print(`  ${'test'.padEnd(11)} ${colors.dim('none: no branch such as develop or staging; the file shows how to add it')}`);
  for (const note of notes) out.print(`  ${colors.yellow('!')} ${note}`);
  out.print('\nNext: read the file, then redcontrol plan and redcontrol apply.');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}

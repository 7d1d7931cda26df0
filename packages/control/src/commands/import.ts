import { join, posix, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { configFileName } from '../cli/find-config.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { combineTakes } from '../import/combine-takes.ts';
import { convertFile } from '../import/convert-file.ts';
import { importedChoices } from '../import/imported-choices.ts';
import { readFiles } from '../import/read-files.ts';
import type { Take } from '../import/take.ts';
import { chooseConfig, type InitOptions } from '../init/choose-config.ts';
import { addChoiceOptions } from '../init/init-options.ts';
import { refuseExistingConfig, writeNewConfig } from '../init/write-new-config.ts';
import { plainLine } from '../output/plain-text.ts';
import { readGit } from '../repository/read-git.ts';

interface ImportOptions extends Partial<InitOptions> {
  force?: boolean;
}

/** `redcontrol import [FILE…]` */
export function defineImport(command: Command, cli: Cli): void {
  addChoiceOptions(command
    .argument('[files...]', 'Procfile, app.json, docker-compose.yml, deploy.yml (default: those in this folder)')
    .option('--host <host>', 'server to deploy to (default: that of deploy.yml)')
    .option('--user <user>', 'user to install as (default: that of deploy.yml, else root)')
    .option('--port <number>', 'port of SSH', positiveNumber)
    .option('--name <name>', 'name of the project (default: that of deploy.yml, else the repository\'s)'))
    .action(action(cli, async (context, options: ImportOptions, files: string[]) => {
      const take = combineTakes((await readFiles(cli.folder, files)).map(({ text, name }) => convertFile(text, name)));
      const git = await readGit(cli.folder, context.signal);
      const top = git?.root ?? resolve(cli.folder);
      const path = join(top, configFileName);
      await refuseExistingConfig(path, { top, force: options.force });
      const found = await chooseConfig(context, { folder: top, git, options: optionsOf(options, take, relative(top, resolve(cli.folder))) });
      const choices = importedChoices(found.choices, take, options);
      await writeNewConfig(path, choices);
      report(context, { path, take, notes: found.notes.filter((note) => !note.includes('Procfile')) });
    }));
}

/** The command line holds over the files. */
function optionsOf(told: ImportOptions, take: Take, below: string): InitOptions {
  const root = told.root ?? posix.join(below.replaceAll('\\', '/'), take.root ?? '').replace(/^\.$/, '');
  const framework = told.framework ?? (take.ownDockerfile ? 'dockerfile' : undefined);
  return {
    ...(take.project === undefined ? {} : { name: take.project }), ...(take.host === undefined ? {} : { host: take.host }), ...told,
    user: told.user ?? take.user ?? 'root', port: told.port ?? take.port ?? 22,
    ...(framework === undefined ? {} : { framework }), ...(root === '' ? {} : { root }),
  };
}

function report({ out }: CommandContext, { path, take, notes }: { path: string; take: Take; notes: readonly string[] }): void {
  const { left } = take;
  if (out.json) return out.printJson({ file: path, from: take.file.split(', '), processes: [...take.processes.keys()], jobs: [...take.jobs.keys()], volumes: [...take.volumes.keys()], variables: [...take.variables.keys()], secrets: [...take.secrets], left, notes });
  const { colors } = out;
  out.print(`${colors.green('✓')} ${path} is written, from ${take.file}.`);
  const rows: [string, string[]][] = [
    ['processes', [...take.processes.keys()]], ['database', take.database ? [take.database.engine, ...(take.database.version ? [take.database.version] : [])] : []], ['redis', take.redis ? ['yes'] : []],
    ['jobs', [...take.jobs.keys()]], ['volumes', [...take.volumes.keys()]], ['variables', [...take.variables.keys()]], ['secrets', [...take.secrets]], ['domains', take.domains],
  ];
  for (const [title, names] of rows) if (names.length > 0) out.print(`  ${title.padEnd(10)} ${colors.bold(names.join(', '))}`);
  if (left.length > 0) out.print(`\nNot taken over, ${left.length} ${left.length === 1 ? 'line' : 'lines'}:`);
  for (const { file, line, what, why } of left) out.print(`  ${colors.yellow(`${file}:${line}`)} ${plainLine(what)} – ${colors.dim(why)}`);
  for (const note of notes) out.print(`  ${colors.yellow('!')} ${note}`);
  out.print('\nNext: read the file, set the secrets after redcontrol apply, and bring the data over before the switch.');
}

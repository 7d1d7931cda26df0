import { join } from 'node:path';
import { host as hostName, name as projectNameSchema, RedControlError, repositoryUrl, type Framework } from '@redcontrol/contract';
import { describeApp } from '@redcontrol/presets';
import { askText } from '../cli/ask.ts';
import type { CommandContext } from '../cli/command-context.ts';
import { localRepository } from '../repository/local-repository.ts';
import type { GitFacts } from '../repository/read-git.ts';
import { mainBranch, testBranch, versionTags, type Choice } from './branch-choice.ts';
import { databaseChoice } from './database-choice.ts';
import { exampleSecrets } from './example-secrets.ts';
import { chooseFramework } from './framework-choice.ts';
import type { InitChoices } from './render-config.ts';
import { projectName, repositoryChoice } from './repository-choice.ts';

/** What the command line says already. */
export interface InitOptions {
  name?: string;
  repository?: string;
  framework?: Framework;
  root?: string;
  host?: string;
  user: string;
  port: number;
  branch?: string;
  testBranch?: string;
  tag?: string;
}

/** Decides what stands in the first configuration: told, found, or asked. Throws USAGE or FRAMEWORK_UNKNOWN, naming the option to give. */
export async function chooseConfig(context: CommandContext, { folder, git, options }: { folder: string; git: GitFacts | undefined; options: InitOptions }): Promise<{ choices: InitChoices; notes: string[] }> {
  const repository = await chooseRepository(context, git, options.repository);
  const project = await chooseProject(context, repository.value, options.name);
  const main = await chooseBranch(context, git, options.branch);
  const { framework, root, apps } = await chooseFramework(context, (below) => localRepository(join(folder, below)), options);
  const parts = apps ?? [{ root: root?.value ?? '', framework: framework!.value, name: '' }];
  const found = await Promise.all(parts.map(async (part) => {
    const view = localRepository(join(folder, part.root));
    const recipe = await describeApp(view, part.framework);
    return { view, recipe, notes: recipe.notes.map((note) => (part.name === '' ? note : `${part.name}: ${note}`)) };
  }));
  const host = await chooseHost(context, options.host);
  const stages = (['build', 'migrate', 'test'] as const).flatMap((name) => {
    const commands = [...new Set(found.flatMap(({ recipe }) => recipe.stages[name] ?? []))];
    return commands.length === 0 ? [] : [{ name, command: commands.join(' / ') }];
  });
  const test = options.testBranch === undefined ? git && testBranch(git, main.value) : { value: options.testBranch, why: 'as told by --test-branch' };
  const tag = options.tag === undefined ? git && versionTags(git) : { value: options.tag, why: 'as told by --tag' };
  return {
    choices: {
      project, repository, framework, root, host, user: options.user, port: options.port, main, tag, test, stages,
      ...(apps ? { apps } : {}), ...(await firstFound(found.map(({ view }) => databaseChoice(view)))), secrets: (await Promise.all(found.map(({ view }) => exampleSecrets(view)))).find((one) => one !== undefined), person: undefined,
    },
    notes: found.flatMap(({ notes }) => notes),
  };
}

/** The databases of the first app that has any. */
async function firstFound(choices: ReturnType<typeof databaseChoice>[]): Promise<Awaited<ReturnType<typeof databaseChoice>>> {
  const all = await Promise.all(choices);
  return { database: all.find(({ database }) => database)?.database, redis: all.find(({ redis }) => redis)?.redis };
}

async function chooseRepository(context: CommandContext, git: GitFacts | undefined, told: string | undefined): Promise<Choice<string>> {
  const check = (url: string) => (repositoryUrl.safeParse(url).success ? undefined : 'Expected a git URL: https://…, ssh://…, user@host:path or file://…');
  if (told !== undefined) return checked(told, check, 'as told by --repository');
  const found = git && repositoryChoice(git);
  if (found) return found;
  const message = git && git.remotes.length > 1 ? `Which repository is followed (${git.remotes.map(({ name, url }) => `${name}: ${url}`).join(', ')})?` : 'Which repository is followed (its git URL)?';
  return { value: await askText(context, { message, check, instead: 'Name it with --repository: no remote of the working copy says it.' }), why: 'as you answered' };
}

async function chooseProject(context: CommandContext, url: string, told: string | undefined): Promise<Choice<string>> {
  const check = (name: string) => (projectNameSchema.safeParse(name).success ? undefined : 'Expected a name of a–z, 0–9 and "-", beginning with a letter');
  if (told !== undefined) return checked(told, check, 'as told by --name');
  const found = projectName(url);
  if (found) return { value: found, why: 'it is the repository\'s name' };
  return { value: await askText(context, { message: 'How is the project called?', check, instead: 'Name it with --name.' }), why: 'as you answered' };
}

async function chooseBranch(context: CommandContext, git: GitFacts | undefined, told: string | undefined): Promise<Choice<string>> {
  if (told !== undefined) return { value: told, why: 'as told by --branch' };
  const found = git && mainBranch(git);
  if (found) return found;
  const known = git && git.branches.length > 0 ? ` (${git.branches.slice(0, 10).join(', ')})` : '';
  return { value: await askText(context, { message: `Which branch is production deployed from${known}?`, preset: 'main', instead: 'Name it with --branch.' }), why: 'as you answered' };
}

async function chooseHost(context: CommandContext, told: string | undefined): Promise<Choice<string>> {
  const check = (host: string) => (hostName.safeParse(host).success ? undefined : 'Expected a host name or an IP address');
  if (told !== undefined) return checked(told, check, 'as told by --host');
  return { value: await askText(context, { message: 'Which server is deployed to (host name or IP address)?', check, instead: 'Name it with --host.' }), why: 'as you answered' };
}

function checked(value: string, check: (value: string) => string | undefined, why: string): Choice<string> {
  const wrong = check(value);
  if (wrong) throw new RedControlError('USAGE', `${wrong}, got ${JSON.stringify(value)}`);
  return { value, why };
}

import type { DatabaseEngine, Framework } from '@redcontrol/contract';
import { Document } from 'yaml';
import { renderInline, renderPair } from '../config/render-value.ts';
import type { AppChoice } from './app-choices.ts';
import type { Choice } from './branch-choice.ts';

/** Everything that `init` decided, each with its reason. */
export interface InitChoices {
  project: Choice<string>;
  repository: Choice<string>;
  /** Undefined where there are `apps`. */
  framework: Choice<Framework> | undefined;
  root: Choice<string> | undefined;
  /** Left out: the repository holds one app. */
  apps?: AppChoice[];
  host: Choice<string>;
  user: string;
  port: number;
  main: Choice<string>;
  tag: Choice<string> | undefined;
  test: Choice<string> | undefined;
  database: Choice<DatabaseEngine> | undefined;
  redis: Choice<true> | undefined;
  /** Stages with the framework's command, or where `isOwn` with one that has to be written; those without one are left out. */
  stages: { name: 'build' | 'migrate' | 'test'; command: string; isOwn?: boolean }[];
  /** Names of variables that look secret, from an example of the environment. */
  secrets: Choice<string[]> | undefined;
  person: { name: string; key: string } | undefined;
  /** What `import` took out of other tools' files; left out by `init`. */
  imported?: ImportedParts;
}

/** Parts of a configuration that were taken over from other tools' files, with their names. */
export interface ImportedParts {
  from: string;
  domains: string[];
  https?: 'off';
  variables: Record<string, string>;
  secrets: string[];
  databaseVersion?: string;
  redisVersion?: string;
  /** Further keys of the file with their values, in order. */
  sections: Record<string, unknown>;
}

/** The text of a first redcontrol.yml, with the reasons as comments. */
export function renderConfig(choices: InitChoices): string {
  const { project, repository, framework, root, host, user, port, stages } = choices;
  return `${[
    '# RedControl tests and deploys what is pushed to the repository.',
    '# All keys: redcontrol schema. Check this file: redcontrol check. Bring it to the server: redcontrol apply.',
    `project: ${scalar(project.value)}`,
    `repository: ${scalar(repository.value)}`,
    ...(framework ? [`framework: ${framework.value}  # ${framework.why}`] : []),
    ...(root ? [`root: ${scalar(root.value)}  # ${root.why}`] : []),
    ...appLines(choices.apps),
    '',
    '# Where code of the repository runs: container, or vm for a virtual machine of its own.',
    'isolation: container',
    '',
    'servers:',
    `  main: { host: ${scalar(host.value)}, user: ${scalar(user)}${port === 22 ? '' : `, port: ${port}`} }`,
    '',
    '# What every push goes through. A step of your own: { name: lint, run: make lint }',
    ...stages.map(({ name, command }) => `#   ${name}: ${oneLine(command)}`),
    `pipeline: [${stages.map(({ name, command, isOwn }) => (isOwn ? renderInline({ name, run: command }) : name)).join(', ')}]`,
    '',
    'environments:',
    ...environmentLines('production', choices.main, choices),
    '',
    ...testLines(choices),
    ...sectionLines(choices.imported),
    ...(choices.person ? ['', '# Who may do what: admin, developer or viewer. More: redcontrol people add NAME KEYFILE', 'people:', `  - { name: ${scalar(choices.person.name)}, key: ${scalar(choices.person.key)}, role: admin }`] : []),
  ].join('\n')}\n`;
}

/** Several apps: each with its folder, and the path of the domain where it answers. */
function appLines(apps: readonly AppChoice[] | undefined): string[] {
  if (!apps) return [];
  const lines = apps.map(({ name, root, framework, path, why }) => `  ${name}: { root: ${scalar(root)}, framework: ${framework}${path === undefined ? '' : `, path: ${path}`} }  # ${oneLine(why)}`);
  return ['', '# Several apps: a push tests and deploys those whose files it changes.', 'apps:', ...lines];
}

function environmentLines(name: string, branch: Choice<string>, choices: InitChoices): string[] {
  const tag = name === 'production' ? choices.tag : undefined;
  return [
    `  ${name}:`,
    `    # ${tag ? `A tag ${tag.value} whose commit is on ${branch.value} deploys` : `A push to ${branch.value} deploys`}: ${branch.why}${tag ? `; ${tag.why}` : ''}.`,
    `    deploy: { branch: ${scalar(branch.value)}${tag ? `, tag: ${scalar(tag.value)}` : ''} }`,
    ...addressLines(name, choices),
    ...variableLines(choices),
    ...secretLines(choices),
    ...databaseLines(choices),
  ];
}

function addressLines(name: string, { project, imported }: InitChoices): string[] {
  const [first, ...more] = imported?.domains ?? [];
  if (name !== 'production' || first === undefined) return [`    # domain: ${name === 'production' ? '' : `${name}.`}${project.value}.example.com    # left out: the server's address and a port`];
  return [`    domain: ${more.length === 0 ? scalar(first) : renderInline([first, ...more])}`, ...(imported?.https ? [`    https: ${imported.https}`] : [])];
}

function variableLines({ imported }: InitChoices): string[] {
  if (!imported || Object.keys(imported.variables).length === 0) return ['    # variables: { NAME: value }'];
  return [renderPair('variables', imported.variables, '    ')];
}

function databaseLines({ database, redis, imported }: InitChoices): string[] {
  const version = (written: string | undefined) => (written === undefined ? '' : `version: ${JSON.stringify(written)}`);
  const own = version(imported?.databaseVersion);
  const redisLine = redis ? [`    redis: ${imported?.redisVersion === undefined ? '{}' : `{ ${version(imported.redisVersion)} }`}    # ${redis.why}`] : [];
  if (!database) return ['    # database: { engine: postgres, version: 17 }', ...redisLine];
  return [`    # ${database.why}.${own === '' ? ' Left out the version: the newest that the server can get.' : ''}`, `    database: { engine: ${database.value}${own === '' ? '' : `, ${own}`} }`, ...redisLine];
}

/** Whole parts of the file out of other tools' files. */
function sectionLines(imported: ImportedParts | undefined): string[] {
  if (!imported || Object.keys(imported.sections).length === 0) return [];
  return ['', `# From ${imported.from}.`, ...Object.entries(imported.sections).map(([key, value]) => renderPair(key, value, ''))];
}

function secretLines({ secrets, imported }: InitChoices): string[] {
  if (imported && imported.secrets.length > 0) return ['    # Values: redcontrol secret set NAME -e ENVIRONMENT. A deployment waits for all that stand here.', `    secrets: [${imported.secrets.join(', ')}]`];
  if (!secrets) return ['    # secrets: [SECRET_KEY]    # names only; values: redcontrol secret set SECRET_KEY -e ENVIRONMENT'];
  return [`    # ${secrets.why}. Values: redcontrol secret set NAME -e ENVIRONMENT. A deployment waits for all that stand here.`, `    # secrets: [${secrets.value.join(', ')}]`];
}

/** The test environment, or how it would be written, where no branch for it is known. */
function testLines(choices: InitChoices): string[] {
  if (choices.test) return environmentLines('test', choices.test, choices);
  return [
    '  # A second environment with data of its own, for another branch:',
    '  # test:',
    '  #   deploy: { branch: develop }',
    ...(choices.database ? [`  #   database: { engine: ${choices.database.value} }`] : []),
  ];
}

/** A value as YAML writes it on one line, with quotes where it needs them. */
function scalar(value: string): string {
  return new Document(value).toString({ lineWidth: 0, defaultStringType: 'PLAIN' }).trim().replace(/^(.*[,[\]{}].*)$/, (text) => (text.startsWith('"') || text.startsWith("'") ? text : JSON.stringify(value)));
}

/** Commands come from files of the repository: a line end in one must not end the comment. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 200);
}

import { RedControlError } from '@redcontrol/contract';
import { cronProblem } from '@redcontrol/system';
import { countOf } from './amounts.ts';
import { takeDatabase } from './database-image.ts';
import { isMapping, listOf, memberOf, membersOf, readSource, textOf, type Path, type SourceFile } from './source-file.ts';
import { leave, newTake, takeProcess, type Take } from './take.ts';
import { takeVariable } from './take-variable.ts';

/** Words for a shop window, which change nothing about how the app runs. */
const harmless = new Set(['$schema', 'name', 'description', 'keywords', 'website', 'repository', 'logo', 'success_url']);
const reasons: Record<string, string> = {
  buildpacks: 'RedControl builds the image by the framework, or from your Dockerfile',
  stack: 'RedControl takes Debian\'s images',
  image: 'RedControl builds the image from the repository',
  environments: 'only the app itself is taken: write its counterpart under "environments" or "pipeline"',
};

/** What Heroku's app.json says, with Dokku's additions (cron, healthchecks). Pure. Throws CONFIG_INVALID for what is no JSON object. */
export function convertAppJson(text: string, file: string): Take {
  // Tabs are usual in JSON and wrong in YAML; within a text of JSON there can be none.
  const source = readSource(text.replaceAll('\t', ' '), file);
  if (!isMapping(source.data)) throw new RedControlError('CONFIG_INVALID', `Expected an object in ${file}, got something else`);
  const take = newTake(file);
  for (const [key, value] of membersOf(source.data)) {
    if (harmless.has(key)) continue;
    switch (key) {
      case 'env': takeVariables(take, source, value); break;
      case 'formation': takeFormation(take, source, value); break;
      case 'addons': for (const [index, addon] of listOf(value).entries()) takeAddon(take, source.lineOf(['addons', index]), addon); break;
      case 'cron': for (const [index, entry] of listOf(value).entries()) takeCron(take, source.lineOf(['cron', index]), entry); break;
      case 'healthchecks': takeHealth(take, source, value); break;
      case 'scripts': takeScripts(take, source, value); break;
      default: leave(take, source.lineOf([key]), key, reasons[key] ?? 'it has no counterpart');
    }
  }
  return take;
}

function takeVariables(take: Take, source: SourceFile, all: unknown): void {
  for (const [name, entry] of membersOf(all)) {
    const line = source.lineOf(['env', name]);
    takeVariable(take, { name, value: isMapping(entry) ? entry.value : entry, line, ...(memberOf(entry, 'generator') === 'secret' ? { kind: 'secret' } : {}) });
  }
}

function takeFormation(take: Take, source: SourceFile, all: unknown): void {
  for (const [name, entry] of membersOf(all)) {
    const at: Path = ['formation', name];
    const process = takeProcess(take, name, source.lineOf(at));
    if (!process) continue;
    for (const [key, value] of membersOf(entry)) {
      const instances = key === 'quantity' ? countOf(value, 100) : undefined;
      if (instances !== undefined) process.instances = instances;
      else leave(take, source.lineOf([...at, key]), `${name}.${key}`, key === 'size' ? 'a size of dynos: write "memory" and "cpus"' : 'it has no counterpart');
    }
  }
}

function takeAddon(take: Take, line: number, addon: unknown): void {
  const plan = textOf(isMapping(addon) ? addon.plan : addon) ?? '';
  const version = textOf(memberOf(addon, 'options', 'version'));
  const kind = /^[a-z-]+/.exec(plan)?.[0] ?? '';
  const engine = /postgres/.test(kind) ? 'postgres' : /redis/.test(kind) ? 'redis' : /jawsdb-maria/.test(kind) ? 'mariadb' : /jawsdb|cleardb|mysql/.test(kind) ? 'mysql' : undefined;
  if (engine === undefined) return leave(take, line, `the add-on ${plan || 'without a plan'}`, 'RedControl sets up databases and Redis; give its address by a secret');
  const isVersion = version !== undefined && /^\d{1,3}(\.\d{1,3})?$/.test(version);
  if (!takeDatabase(take, { engine, ...(isVersion ? { version } : {}) })) return leave(take, line, `the add-on ${plan}`, 'an environment has one database and one Redis');
  leave(take, line, `the data of ${plan}`, 'they are not copied: dump them there, load them here');
}

function takeCron(take: Take, line: number, entry: unknown): void {
  const run = textOf(memberOf(entry, 'command'));
  const cron = textOf(memberOf(entry, 'schedule'));
  if (run === undefined || run.trim() === '' || cron === undefined || cronProblem(cron, 'UTC') !== undefined) return leave(take, line, 'a job', 'expected a command and a cron line of five fields');
  take.jobs.set(`job-${take.jobs.size + 1}`, { cron, run });
}

function takeHealth(take: Take, source: SourceFile, all: unknown): void {
  for (const [name, checks] of membersOf(all)) {
    for (const [index, check] of listOf(checks).entries()) {
      const line = source.lineOf(['healthchecks', name, index]);
      const path = textOf(memberOf(check, 'path'));
      const process = name === 'web' && path !== undefined && /^\/\S*$/.test(path) ? takeProcess(take, name, line) : undefined;
      if (process && path !== undefined && !process.health) process.health = { path };
      else leave(take, line, `a health check of ${name}`, 'one path of web is asked');
    }
  }
}

function takeScripts(take: Take, source: SourceFile, all: unknown): void {
  for (const [name] of membersOf(all)) {
    if (name !== 'dokku') leave(take, source.lineOf(['scripts', name]), `the script ${name}`, name === 'postdeploy' ? 'it runs once for a new app: run it with redcontrol app exec' : 'write it as a step of "pipeline"');
    else for (const [own] of membersOf(memberOf(all, 'dokku'))) leave(take, source.lineOf(['scripts', 'dokku', own]), `the script dokku.${own}`, 'write it as a step of "pipeline"; a migration as { name: migrate, run: … }');
  }
}

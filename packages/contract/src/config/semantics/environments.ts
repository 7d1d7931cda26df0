import { processNames } from '../apps.ts';
import type { EnvironmentConfig } from '../environment.ts';
import { previewPrefix } from '../preview.ts';
import { showValue, type ConfigProblem } from '../problem.ts';
import type { ProjectConfig } from '../project.ts';

/** What does not fit together within one environment. */
export function environmentProblems(config: ProjectConfig): ConfigProblem[] {
  return Object.entries(config.environments).flatMap(([name, environment]) => {
    const path = ['environments', name];
    return [
      ...secretProblems(environment, path),
      ...refProblems(environment, path),
      ...instanceProblems(config, environment, path),
      ...previewProblems(config, name, path),
    ];
  });
}

function secretProblems({ secrets, variables, traffic }: EnvironmentConfig, path: string[]): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  secrets.forEach((secret, index) => {
    const at = [...path, 'secrets', index];
    if (Object.hasOwn(variables, secret)) problems.push({ path: at, about: 'value', expected: 'a name that is not among the variables', got: `${showValue(secret)}, which has a value in "variables"`, hint: 'Remove it from "variables" and set it with `redcontrol secret set`.' });
    if (secrets.indexOf(secret) !== index) problems.push({ path: at, about: 'value', expected: 'each secret once', got: `${showValue(secret)} twice` });
  });
  for (const [user, secret] of Object.entries(traffic?.basicAuth ?? {})) {
    if (!secrets.includes(secret)) problems.push({ path: [...path, 'traffic', 'basicAuth', user], about: 'value', expected: 'the name of one of the environment\'s secrets', got: showValue(secret), misspelled: { word: secret, candidates: secrets } });
  }
  return problems;
}

function refProblems({ deploy, preview }: EnvironmentConfig, path: string[]): ConfigProblem[] {
  const patterns: [string, (string | number)[]][] = [[deploy.branch, [...path, 'deploy', 'branch']]];
  if (deploy.tag !== undefined) patterns.push([deploy.tag, [...path, 'deploy', 'tag']]);
  if (preview) patterns.push([preview.pattern, [...path, 'preview', 'pattern']]);
  return patterns.flatMap(([pattern, at]) => {
    const short = /^(?:refs\/(?:heads|tags|remotes\/[^/]+)|origin)\/(.+)$/.exec(pattern)?.[1];
    if (short) return [{ path: at, about: 'value' as const, expected: 'the short name of a branch or tag', got: showValue(pattern), hint: `Write ${JSON.stringify(short)}.` }];
    // git check-ref-format refuses these in any name, so such a pattern could never match.
    if (/\.\.|@\{|\/\/|^\/|\/$|\.lock$|\.$/.test(pattern)) return [{ path: at, about: 'value' as const, expected: 'a pattern that a branch or tag can match', got: showValue(pattern) }];
    return [];
  });
}

function instanceProblems(config: ProjectConfig, { instances }: EnvironmentConfig, path: string[]): ConfigProblem[] {
  const known = processNames(config);
  // Where no process is written, a Procfile in the repository may have them: the run then looks at the names.
  const mayHaveProcfile = Object.keys(config.processes).length === 0 && config.apps === undefined;
  return Object.keys(instances ?? {})
    .filter((process) => !known.includes(process) && !mayHaveProcfile)
    .map((process) => ({ path: [...path, 'instances', process], about: 'key', expected: `one of the processes ${known.join(', ')}`, got: showValue(process), misspelled: { word: process, candidates: known } }));
}

function previewProblems(config: ProjectConfig, name: string, path: string[]): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (name.startsWith(previewPrefix)) problems.push({ path, about: 'key', expected: `a name that does not begin with ${previewPrefix}, as those of previews do`, got: showValue(name) });
  const { preview, database } = config.environments[name]!;
  if (!preview) return problems;
  const refuse = (key: string[], expected: string, got: string) => problems.push({ path: [...path, 'preview', ...key], about: 'value', expected, got });
  if (preview.seed !== undefined && !database) refuse(['seed'], 'an environment with a database to fill', `none in ${name}`);
  for (const [app, { domain }] of Object.entries(config.apps ?? {})) {
    if (domain === undefined) continue;
    const isWord = [domain].flat().every((one) => !one.includes('.'));
    if (!isWord || preview.domain === undefined) refuse(isWord ? ['domain'] : [], isWord ? `a domain for the app ${app} to stand before` : 'apps without a domain of their own, which previews would share', isWord ? 'none' : `${app} with ${showValue(domain)}`);
  }
  if (!preview.clone) return problems;
  const { of } = preview.clone;
  const known = Object.keys(config.environments);
  const source = config.environments[of];
  if (!source) problems.push({ path: [...path, 'preview', 'clone', 'of'], about: 'value', expected: `one of the environments ${known.join(', ')}`, got: showValue(of), misspelled: { word: of, candidates: known } });
  else if (!source.database || source.database.engine === 'sqlite') refuse(['clone', 'of'], 'an environment with a database to clone', showValue(of));
  else if (source.database.engine !== database?.engine) refuse(['clone', 'of'], `an environment with the database of ${name}, ${database?.engine ?? 'which has none'}`, `${showValue(of)} with ${source.database.engine}`);
  return problems;
}

import { showValue, type ConfigProblem } from '../problem.ts';
import type { ProjectConfig } from '../project.ts';

/** Secrets of builds that no environment has: they would be missing without a word. */
export function buildProblems({ build, apps, environments }: ProjectConfig): ConfigProblem[] {
  const known = [...new Set(Object.values(environments).flatMap(({ secrets }) => secrets))];
  const all: [{ secrets: readonly string[]; arguments: Record<string, string> } | undefined, string[]][] = [[build, ['build']], ...Object.entries(apps ?? {}).map(([app, one]): [typeof one.build, string[]] => [one.build, ['apps', app, 'build']])];
  return all.flatMap(([one, path]) => (one?.secrets ?? []).flatMap((secret, index): ConfigProblem[] => {
    const at = { path: [...path, 'secrets', index], about: 'value' as const };
    if (Object.hasOwn(one?.arguments ?? {}, secret)) return [{ ...at, expected: 'a name that is not among the build arguments', got: showValue(secret), hint: 'An argument stays in the image\'s history: remove it there.' }];
    if (known.includes(secret)) return [];
    return [{ ...at, expected: known.length === 0 ? 'the name of a secret of an environment, and none has any' : `one of the environments' secrets ${known.join(', ')}`, got: showValue(secret), misspelled: { word: secret, candidates: known }, hint: 'Name it under "secrets" of the environments that are deployed with it.' }];
  }));
}

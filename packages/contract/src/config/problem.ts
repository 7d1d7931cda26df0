import { RedControlError } from '../errors.ts';

/** One thing wrong in a configuration. Who knows the file's text turns `path` into a line and column. */
export interface ConfigProblem {
  /** Keys and list positions from the top, e.g. ['environments', 'test', 'deploy', 'branch']. */
  path: (string | number)[];
  /** Whether the key at `path` is wrong, or its value. */
  about: 'key' | 'value';
  /** Ends the sentence "Expected …". */
  expected: string;
  /** Ends the sentence "got …". */
  got: string;
  hint?: string;
  /** The word that may be misspelled, and all words that it could have been. */
  misspelled?: { word: string; candidates: readonly string[] };
}

/** "Expected a duration such as 90s at limits.time, got 30 (a number)". */
export function problemMessage(problem: ConfigProblem): string {
  return `Expected ${problem.expected} at ${pathText(problem.path)}, got ${problem.got}`;
}

/** `environments.test.deploy`, `pipeline[2].run`; "the top" for the whole file. */
export function pathText(path: readonly (string | number)[]): string {
  if (path.length === 0) return 'the top';
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('');
}

/** A value as an error message shows it: short, and with its type where that is the point. */
export function showValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (typeof value === 'number') return `${value} (a number)`;
  if (typeof value === 'boolean') return `${value} (true or false)`;
  if (Array.isArray(value)) return 'a list';
  return 'a mapping';
}

/** The error that carries all problems of one configuration. */
export function configInvalid(problems: readonly ConfigProblem[], name = 'the configuration'): RedControlError {
  const first = problems[0];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new RedControlError('CONFIG_INVALID', first ? `${problemMessage(first)}${more}` : `Expected ${name} to be valid, it is not`, {
    ...(first?.hint ? { hint: first.hint } : {}),
    problems: problems.map((problem) => ({ message: problemMessage(problem), ...(problem.hint ? { hint: problem.hint } : {}) })),
  });
}

import type { z } from 'zod';
import { showValue, type ConfigProblem } from './problem.ts';
import { knownKeys } from './known-keys.ts';

type Issue = z.core.$ZodIssue;
type Path = (string | number)[];

/** The schema's issues as problems in words. `data` is what was checked, `schema` what it was checked against. */
export function schemaProblems(issues: readonly Issue[], data: unknown, schema: z.ZodType): ConfigProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, [], data, schema));
}

/** What an issue expected, as the end of "Expected …"; forms that the schema says in words come before it. */
export function expectedInWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type': return typeWords[issue.expected] ?? issue.expected;
    case 'invalid_value': return oneOf(issue.values.map(String));
    case 'too_small': return `${sizeWords(issue.origin)} at least ${issue.minimum}${entryWords(issue.origin)}`;
    case 'too_big': return `${sizeWords(issue.origin)} at most ${issue.maximum}${entryWords(issue.origin)}`;
    case 'invalid_format': return issue.format === 'url' ? 'a URL' : 'text of another form';
    case 'unrecognized_keys': return 'a known key';
    default: return 'another value';
  }
}

const typeWords: Record<string, string> = {
  string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list ("- …" lines)',
  object: 'a mapping ("key: value" lines)', record: 'a mapping ("name: value" lines)',
};

function problemsOf(issue: Issue, before: Path, data: unknown, schema: z.ZodType): ConfigProblem[] {
  const path = [...before, ...(issue.path as Path)];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], schema, data));
  if (issue.code === 'invalid_union') return unionProblems(issue, path, data, schema);
  if (issue.code === 'invalid_key') {
    const key = String(path.at(-1));
    return [{ path, about: 'key', expected: issue.issues[0]?.message ?? 'another key', got: showValue(key) }];
  }
  return [valueProblem(issue, path, data)];
}

function valueProblem(issue: Issue, path: Path, data: unknown): ConfigProblem {
  const value = valueAt(data, path);
  if (isSecretName(path) && typeof value === 'string') return { path, about: 'value', expected: 'the name of a secret, not its value', got: 'another text', hint: 'Take a name such as TEAM_TOKEN, and set its value: redcontrol secret set TEAM_TOKEN --channels' };
  const problem: ConfigProblem = { path, about: 'value', expected: issue.message, got: showValue(value) };
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    problem.misspelled = { word: value, candidates: issue.values.map(String) };
  }
  if (typeof value === 'number' && issue.message.startsWith('a duration')) problem.hint = `Write the unit as well: ${value}s or ${value}m.`;
  else if (typeof value === 'number' && issue.message.startsWith('a size')) problem.hint = `Write the unit as well: ${value}M or ${value}G.`;
  else if (typeof value === 'number' && issue.code === 'invalid_type' && issue.expected === 'string') problem.hint = `Put it in quotes: "${value}".`;
  return problem;
}

/** Where somebody may have pasted a token: it is not repeated in an error, which may stand in a log. */
function isSecretName(path: Path): boolean {
  return path.length === 3 && path[0] === 'channels' && path[2] === 'secret';
}

function unknownKey(path: Path, schema: z.ZodType, data: unknown): ConfigProblem {
  const candidates = knownKeys(schema, path.slice(0, -1), data);
  const word = String(path.at(-1));
  return {
    path, about: 'key', expected: candidates.length > 0 ? oneOf(candidates) : 'another key', got: showValue(word), misspelled: { word, candidates },
  };
}

/** Of a union's members the one that the value was meant for: the one that fails deepest, not at its outer type. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, path: Path, data: unknown, schema: z.ZodType): ConfigProblem[] {
  const value = valueAt(data, path);
  if (issue.errors.length === 0) {
    // A union that a key tells apart, and the key has none of its values; its words are the schema's own.
    const candidates = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
    const expected = candidates.length > 0 ? oneOf(candidates) : issue.message;
    return [{ path, about: 'value', expected, got: showValue(value), ...(typeof value === 'string' ? { misspelled: { word: value, candidates } } : {}) }];
  }
  const meant = issue.errors.filter((errors) => !errors.some((error) => error.path.length === 0 && isOtherType(error, value)));
  const [only, ...others] = meant;
  if (only && (others.length === 0 || typeof value === 'object')) return only.flatMap((error) => problemsOf(error, path, data, schema));
  const alternatives = (only ? meant : issue.errors).flatMap((errors) => errors.slice(0, 1));
  const candidates = alternatives.flatMap((error) => (error.code === 'invalid_value' ? error.values.map(String) : []));
  return [{
    path, about: 'value', expected: [...new Set(alternatives.map((error) => error.message))].join(' or '), got: showValue(value),
    ...(typeof value === 'string' && candidates.length > 0 ? { misspelled: { word: value, candidates } } : {}),
  }];
}

/** Whether an error says only that the value is of another type than this member of the union. */
function isOtherType(error: Issue, value: unknown): boolean {
  if (error.code === 'invalid_type') return true;
  return error.code === 'invalid_value' && !error.values.some((allowed) => typeof allowed === typeof value);
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? String(words[0]) : `one of ${words.join(', ')}`;
}

function sizeWords(origin: string): string {
  if (origin === 'array' || origin === 'set' || origin === 'record') return 'a list of';
  if (origin === 'string') return 'text of';
  return 'a number of';
}

function entryWords(origin: string): string {
  if (origin === 'array') return ' entries';
  if (origin === 'string') return ' characters';
  return '';
}

import { LineCounter } from 'yaml';
import { locateProblem } from '../config/locate-problem.ts';
import { parseYaml, yamlData } from '../config/parse-yaml.ts';

/** Keys and list positions from the top of a file. */
export type Path = (string | number)[];

/** A parsed file of another tool, with the lines that its parts stand in. */
export interface SourceFile {
  name: string;
  data: unknown;
  /** From 1. */
  lineOf(path: Path): number;
}

/** Reads YAML, or JSON as the YAML that it is. Throws CONFIG_INVALID: one error for a file that cannot be understood. */
export function readSource(text: string, name: string): SourceFile {
  const lines = new LineCounter();
  const document = parseYaml(text, name, lines);
  const data = yamlData(document, name);
  return { name, data, lineOf: (path) => locateProblem({ path, about: 'key', expected: '', got: '' }, { document, lines, fileName: name }).at.line };
}

/** Own members of a mapping; none of anything else. */
export function membersOf(value: unknown): [key: string, value: unknown][] {
  return isMapping(value) ? Object.entries(value) : [];
}

/** The own member at these keys; undefined where there is none. */
export function memberOf(value: unknown, ...keys: string[]): unknown {
  let current = value;
  for (const key of keys) current = isMapping(current) && Object.hasOwn(current, key) ? current[key] : undefined;
  return current;
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A scalar as the text that it stands for; undefined for lists, mappings and nothing. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A list, or one thing as a list of it. */
export function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

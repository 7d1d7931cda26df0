import { showValue, type ConfigProblem } from './problem.ts';
import { projectConfig, type ProjectConfig } from './project.ts';
import { expectedInWords, schemaProblems } from './schema-problems.ts';
import { semanticProblems, type SemanticChecks } from './semantics.ts';

/** What a configuration's text may hold, for everybody who reads one. */
export const configLimits = {
  bytes: 1_000_000,
  /** How often anchors may be repeated, so that a small file cannot become a huge value. */
  aliases: 100,
} as const;

/** Deeper than the schema goes: YAML anchors can make a value that contains itself. */
const deepestPath = 16;

export type ConfigVerdict =
  | { config: ProjectConfig; problems: [] }
  | { config: undefined; problems: ConfigProblem[] };

/**
 * Checks a configuration as YAML gives it: its form by the schema, then what the schema cannot say.
 * Pure, and the same on the admin's machine and on the server.
 */
export function checkConfig(data: unknown, checks: SemanticChecks = {}): ConfigVerdict {
  const reserved = reservedKeys(data, []);
  const parsed = projectConfig.safeParse(data, { error: expectedInWords });
  if (!parsed.success) return { config: undefined, problems: [...schemaProblems(parsed.error.issues, data, projectConfig), ...reserved] };
  const problems = [...reserved, ...semanticProblems(parsed.data, checks)];
  return problems.length > 0 ? { config: undefined, problems } : { config: parsed.data, problems: [] };
}

/** `__proto__` is a valid variable name that JavaScript objects, and so the schema, would lose without a word. */
function reservedKeys(data: unknown, path: (string | number)[]): ConfigProblem[] {
  if (typeof data !== 'object' || data === null || path.length > deepestPath) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const at = [...path, Array.isArray(data) ? Number(key) : key];
    if (key === '__proto__') return [{ path: at, about: 'key' as const, expected: 'another name', got: showValue(key) }];
    return reservedKeys(value, at);
  });
}

import { checkConfig, configLimits, RedControlError, type ProjectConfig } from '@redcontrol/contract';
import { cronProblem } from '@redcontrol/system';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { locateProblem, type LocatedProblem } from './locate-problem.ts';
import { lossyScalars } from './lossy-scalars.ts';
import { unknownAnchors, yamlProblem } from './yaml-problem.ts';

/** One slip makes YAML report many; the later ones follow from the first. */
const maxSyntaxErrors = 3;
/** Problems that an error carries at most. */
const maxProblems = 50;

export interface LoadedConfig {
  config: ProjectConfig;
  /** The file as a YAML document: edits keep its comments. */
  document: Document.Parsed;
  /** The text as it was read. */
  source: string;
}

/**
 * Reads the text of a `redcontrol.yml`. `fileName` is only for messages.
 * Throws CONFIG_INVALID with every problem: file, line, column, what was expected, what came, what was likely meant.
 */
export function loadConfig(text: string, fileName: string): LoadedConfig {
  const size = Buffer.byteLength(text);
  if (size > configLimits.bytes) {
    throw new RedControlError('CONFIG_INVALID', `Expected ${fileName} to have at most ${configLimits.bytes} bytes, got ${size}`);
  }
  const lines = new LineCounter();
  const document = parseYaml(text, fileName, lines);
  const unknown = unknownAnchors(document, { fileName, lines });
  if (unknown.length > 0) throw configError(unknown, fileName);
  const data = toData(document, fileName);
  const lossy = lossyScalars(document);
  const verdict = checkConfig(data, { cronProblem });
  const problems = [...lossy, ...verdict.problems];
  if (verdict.config && problems.length === 0) return { config: verdict.config, document, source: text };
  throw configError(problems.map((problem) => locateProblem(problem, { document, lines, fileName })), fileName);
}

function parseYaml(text: string, fileName: string, lines: LineCounter): Document.Parsed {
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { version: '1.2', merge: true, strict: true, uniqueKeys: true, prettyErrors: false, lineCounter: lines });
  } catch (cause) {
    throw tooDeep(fileName, cause);
  }
  if (document.errors.some((error) => error.message.includes('call stack'))) throw tooDeep(fileName, document.errors[0]);
  const syntax = document.errors.slice(0, maxSyntaxErrors).map((error) => yamlProblem(error, { text, fileName, lines }));
  if (syntax.length > 0) throw configError(syntax, fileName);
  return document;
}

function toData(document: Document.Parsed, fileName: string): unknown {
  try {
    return document.toJS({ maxAliasCount: configLimits.aliases });
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw tooDeep(fileName, cause);
    throw new RedControlError('CONFIG_INVALID', `Expected at most ${configLimits.aliases} repeats of anchors ("*name") in ${fileName}, got more`, { cause, hint: 'Write the repeated part out.' });
  }
}

function tooDeep(fileName: string, cause: unknown): RedControlError {
  return new RedControlError('CONFIG_INVALID', `Expected mappings and lists in ${fileName} to be nested a few levels deep, got too many`, { cause });
}

function configError(located: readonly LocatedProblem[], fileName: string): RedControlError {
  const problems = [...located].sort((one, other) => one.at.line - other.at.line || one.at.column - other.at.column);
  const [first] = problems;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new RedControlError('CONFIG_INVALID', `Expected a valid configuration, got ${count} in ${fileName}`, {
    problems: problems.slice(0, maxProblems),
    ...(first ? { at: first.at } : {}),
    ...(first?.hint && problems.length === 1 ? { hint: first.hint } : {}),
  });
}

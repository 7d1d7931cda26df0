import { configLimits, RedControlError } from '@redcontrol/contract';
import { parseDocument, type Document, type LineCounter } from 'yaml';
import type { LocatedProblem } from './locate-problem.ts';
import { unknownAnchors, yamlProblem } from './yaml-problem.ts';

/** One slip makes YAML report many; the later ones follow from the first. */
const maxSyntaxErrors = 3;
/** Problems that an error carries at most. */
const maxProblems = 50;

/**
 * The document in a YAML text of bounded size. `fileName` is only for messages. Throws CONFIG_INVALID for what is too
 * large, no YAML, nested too deep, or repeats an anchor that is not there.
 */
export function parseYaml(text: string, fileName: string, lines: LineCounter): Document.Parsed {
  const size = Buffer.byteLength(text);
  if (size > configLimits.bytes) {
    throw new RedControlError('CONFIG_INVALID', `Expected ${fileName} to have at most ${configLimits.bytes} bytes, got ${size}`);
  }
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { version: '1.2', merge: true, strict: true, uniqueKeys: true, prettyErrors: false, lineCounter: lines });
  } catch (cause) {
    throw tooDeep(fileName, cause);
  }
  if (document.errors.some((error) => error.message.includes('call stack'))) throw tooDeep(fileName, document.errors[0]);
  const syntax = document.errors.slice(0, maxSyntaxErrors).map((error) => yamlProblem(error, { text, fileName, lines }));
  if (syntax.length > 0) throw configError(syntax, fileName);
  const unknown = unknownAnchors(document, { fileName, lines });
  if (unknown.length > 0) throw configError(unknown, fileName);
  return document;
}

/** The plain data of a document. Throws CONFIG_INVALID for more repeats of anchors than anybody writes. */
export function yamlData(document: Document.Parsed, fileName: string): unknown {
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

/** The error that carries all problems of a file, in the order of its lines. */
export function configError(located: readonly LocatedProblem[], fileName: string): RedControlError {
  const problems = [...located].sort((one, other) => one.at.line - other.at.line || one.at.column - other.at.column);
  const [first] = problems;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new RedControlError('CONFIG_INVALID', `Expected a valid configuration, got ${count} in ${fileName}`, {
    problems: problems.slice(0, maxProblems),
    ...(first ? { at: first.at } : {}),
    ...(first?.hint && problems.length === 1 ? { hint: first.hint } : {}),
  });
}

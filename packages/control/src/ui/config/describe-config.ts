import { createHash } from 'node:crypto';
import { asRedControlError, checkConfig, configLimits, notYetUsed, type ConfigDocument, type ConfigEdit, type PlacedProblem } from '@redcontrol/contract';
import { cronProblem } from '@redcontrol/system';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { editConfig } from '../../config/edit-config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { locateProblem } from '../../config/locate-problem.ts';
import { lossyScalars } from '../../config/lossy-scalars.ts';

/** A configuration's text with what it says and everything that is wrong in it. Never throws for the text. */
export function describeConfig(text: string, fileName = 'redcontrol.yml'): ConfigDocument {
  try {
    const { config, document } = loadConfig(text, fileName);
    return { text, data: document.toJS({ maxAliasCount: configLimits.aliases }), problems: [], warnings: notYetUsed(config) };
  } catch (thrown) {
    return withPaths(text, fileName) ?? { text, data: null, problems: withoutPaths(thrown), warnings: [] };
  }
}

/** The text after edits; comments and what is not named stay. */
export function composeConfig(text: string, edits: readonly ConfigEdit[]): string {
  return edits.reduce((now, { path, value, remove }) => editConfig(now, path, remove ? undefined : value), text);
}

/** What a file's text is known by. */
export function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Problems tied to their fields, when the text is YAML at all. */
function withPaths(text: string, fileName: string): ConfigDocument | undefined {
  const lines = new LineCounter();
  const data = readData(text, lines);
  if (!data) return undefined;
  const { document, value } = data;
  const problems = [...lossyScalars(document), ...checkConfig(value, { cronProblem }).problems].map((problem): PlacedProblem => {
    const { message, hint, at } = locateProblem(problem, { document, lines, fileName });
    return { path: problem.path, message, ...(hint ? { hint } : {}), line: at.line, column: at.column };
  });
  return problems.length > 0 ? { text, data: value, problems, warnings: [] } : undefined;
}

function readData(text: string, lines: LineCounter): { document: Document.Parsed; value: unknown } | undefined {
  try {
    const document = parseDocument(text, { version: '1.2', merge: true, prettyErrors: false, lineCounter: lines });
    return document.errors.length > 0 ? undefined : { document, value: document.toJS({ maxAliasCount: configLimits.aliases }) };
  } catch {
    return undefined;
  }
}

function withoutPaths(thrown: unknown): PlacedProblem[] {
  const error = asRedControlError(thrown);
  const problems = error.problems.length > 0 ? error.problems : [{ message: error.message, hint: error.hint, at: error.at }];
  return problems.map(({ message, hint, at }) => ({ path: [], message, ...(hint ? { hint } : {}), line: at?.line ?? 1, column: at?.column ?? 1 }));
}

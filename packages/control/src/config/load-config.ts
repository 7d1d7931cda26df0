import { checkConfig, type ProjectConfig } from '@redcontrol/contract';
import { cronProblem } from '@redcontrol/system';
import { LineCounter, type Document } from 'yaml';
import { locateProblem } from './locate-problem.ts';
import { lossyScalars } from './lossy-scalars.ts';
import { configError, parseYaml, yamlData } from './parse-yaml.ts';

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
  const lines = new LineCounter();
  const document = parseYaml(text, fileName, lines);
  const data = yamlData(document, fileName);
  const lossy = lossyScalars(document);
  const verdict = checkConfig(data, { cronProblem });
  const problems = [...lossy, ...verdict.problems];
  if (verdict.config && problems.length === 0) return { config: verdict.config, document, source: text };
  throw configError(problems.map((problem) => locateProblem(problem, { document, lines, fileName })), fileName);
}

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { asRedControlError, errorCodes, type ErrorProblem, type RedControlError } from '@redcontrol/contract';
import pc from 'picocolors';
import { usesColor, type Colors } from './output.ts';
import type { Cli } from '../cli/cli.ts';

/** Tells an error on stderr, for people or as one line of JSON, and says with which code the process ends. */
export function printError(cli: Cli, thrown: unknown, options: { json: boolean; color?: boolean | undefined }): number {
  const error = asRedControlError(thrown);
  if (options.json) {
    cli.stderr.write(`${JSON.stringify({ error })}\n`);
    return errorCodes[error.code];
  }
  const colors = pc.createColors(usesColor(cli, options) && cli.stderr.isTTY === true);
  cli.stderr.write(`${errorLines(error, { colors, folder: cli.folder }).join('\n')}\n`);
  if (error.code === 'INTERNAL' && cli.variables.REDCONTROL_DEBUG) cli.stderr.write(`${error.cause instanceof Error ? error.cause.stack : error.stack}\n`);
  return errorCodes[error.code];
}

function errorLines(error: RedControlError, look: { colors: Colors; folder: string }): string[] {
  const { colors } = look;
  const lines = [`${colors.red(`error ${error.code}:`)} ${error.message}`];
  for (const problem of error.problems) lines.push(...problemLines(problem, look));
  const isTold = error.problems.some((problem) => problem.hint === error.hint);
  if (error.hint && !isTold) lines.push(`${colors.cyan('hint:')} ${error.hint}`);
  return lines;
}

function problemLines({ message, hint, at }: ErrorProblem, { colors, folder }: { colors: Colors; folder: string }): string[] {
  const place = at ? `${at.file ? `${at.file}:` : ''}${at.line}:${at.column}: ` : '';
  const lines = ['', `${colors.bold(place)}${message}`];
  const source = at?.file ? sourceLine(resolve(folder, at.file), at.line) : undefined;
  if (at && source !== undefined) {
    const number = String(at.line);
    // Tabs keep their width, so that the mark stands under the right character.
    const before = source.slice(0, at.column - 1).replace(/[^\t]/g, ' ');
    lines.push(colors.dim(`  ${number} | ${source}`), `  ${' '.repeat(number.length)} ${colors.dim('|')} ${before}${colors.red('^')}`);
  }
  if (hint) lines.push(`  ${colors.cyan('hint:')} ${hint}`);
  return lines;
}

function sourceLine(file: string, line: number): string | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)[line - 1]?.slice(0, 200);
  } catch {
    return undefined;
  }
}

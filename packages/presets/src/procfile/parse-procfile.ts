import { name as processName } from '@redcontrol/contract';

/** A Procfile is a few lines; what is larger is none. */
export const maxProcfileBytes = 64 * 1024;
export const maxProcfileProcesses = 50;
const maxCommandCharacters = 4_000;
/** A file of rubbish would else give a message for each of its lines. */
const maxProblems = 20;

/** One command of a Procfile. */
export interface ProcfileEntry {
  name: string;
  /** Shell text. */
  command: string;
  /** From 1. */
  line: number;
}

export interface ProcfileProblem {
  line: number;
  /** Ends the sentence "Expected …". */
  text: string;
}

export interface ParsedProcfile {
  entries: ProcfileEntry[];
  /** Lines that are not understood, at most 20. */
  problems: ProcfileProblem[];
}

/**
 * Reads a Procfile: `NAME: COMMAND` a line, comments by "#" (https://devcenter.heroku.com/articles/procfile). Names are
 * given as they stand there; `release` is an entry as any other. Never throws.
 */
export function parseProcfile(text: string): ParsedProcfile {
  const entries = new Map<string, ProcfileEntry>();
  const problems: ProcfileProblem[] = [];
  if (Buffer.byteLength(text) > maxProcfileBytes) return { entries: [], problems: [{ line: 1, text: `at most ${maxProcfileBytes} bytes, got more` }] };
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = index + 1;
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const [, name, command = ''] = /^([A-Za-z0-9_-]+)\s*:(.*)$/.exec(trimmed) ?? [];
    const problem = name === undefined ? `"NAME: COMMAND", got ${shown(trimmed)}` : problemOf(name, command.trim(), entries);
    if (problem !== undefined) problems.push({ line, text: problem });
    else if (name !== undefined) entries.set(name, { name, command: command.trim(), line });
    if (problems.length >= maxProblems) break;
  }
  return { entries: [...entries.values()], problems };
}

/** Whether a name is one that a process of the configuration may have. */
export function isProcessName(name: string): boolean {
  return processName.safeParse(name).success;
}

function problemOf(name: string, command: string, known: ReadonlyMap<string, ProcfileEntry>): string | undefined {
  const before = known.get(name);
  if (before) return `each name once, got ${shown(name)} again after line ${before.line}`;
  if (command === '') return `a command after "${name}:", got nothing`;
  if (command.length > maxCommandCharacters || command.includes('\0')) return `a command of at most ${maxCommandCharacters} characters after "${name}:", got something else`;
  return known.size >= maxProcfileProcesses ? `at most ${maxProcfileProcesses} processes, got more` : undefined;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

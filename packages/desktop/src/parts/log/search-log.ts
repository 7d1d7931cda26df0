import type { ChunkedLog, LogPlace } from './chunked-log.ts';

/** Matches that are remembered; the count goes on. */
const maxMatches = 10_000;

export interface Found {
  matches: LogPlace[];
  count: number;
  /** Share of the log that was looked through. */
  share: number;
  done: boolean;
}

/** What first says that something failed, in the words of common tools. */
export const errorWords = /(?:error|exception)\b|npm ERR!|\b(?:fatal|panic|traceback|failed|failure|fail|cannot|command not found|segmentation fault)\b/i;

// eslint-disable-next-line no-control-regex -- escape sequences are what is removed
const escapes = /\u001b\[[0-9;:?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-_]/g;

/** A line as it is read, without colours. */
export function plainLine(line: string): string {
  const text = line.includes('\u001b') ? line.replace(escapes, '') : line;
  const shown = text.endsWith('\r') ? text.slice(0, -1) : text;
  return shown.slice(shown.lastIndexOf('\r') + 1);
}

export function matcherOf(query: string | RegExp): (line: string) => boolean {
  if (query instanceof RegExp) return (line) => query.test(line);
  const wanted = query.toLowerCase();
  return (line) => line.toLowerCase().includes(wanted);
}

/** Looks through the whole log from its beginning, telling as it goes; `first` ends at the first match. */
export async function searchLog(log: ChunkedLog, { query, signal, onFound, first = false }: { query: string | RegExp; signal: AbortSignal; onFound: (found: Found) => void; first?: boolean }): Promise<Found> {
  const matches = matcherOf(query);
  const found: Found = { matches: [], count: 0, share: 0, done: false };
  for (let chunk = 0; chunk < log.chunkCount && !signal.aborted; chunk += 1) {
    for (let ahead = 1; ahead <= 3; ahead += 1) void log.load(chunk + ahead);
    const lines = await log.linesIn(chunk);
    if (log.error !== undefined) break;
    for (const [line, text] of lines.entries()) {
      if (!matches(plainLine(text))) continue;
      found.count += 1;
      if (found.matches.length < maxMatches) found.matches.push({ chunk, line });
      if (first) break;
    }
    found.share = (chunk + 1) / log.chunkCount;
    if (signal.aborted) break;
    onFound({ ...found, matches: [...found.matches] });
    if (first && found.count > 0) break;
  }
  found.done = true;
  if (!signal.aborted) onFound({ ...found });
  return found;
}

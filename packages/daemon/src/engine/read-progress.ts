import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

interface ProgressLine {
  id?: string;
  status?: string;
  progressDetail?: { current?: number; total?: number };
  error?: string;
}

/**
 * Reads the engine's progress (a JSON object a line) to its end, passes on one line of text for each new state of
 * each layer (not every percent), and returns the last status. Throws what the engine reports as an error.
 */
export async function readProgress(stream: Readable, onOutput: (chunk: Buffer) => void): Promise<string | undefined> {
  const states = new Map<string, string>();
  let last: string | undefined;
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    const said = JSON.parse(line) as ProgressLine;
    if (said.error !== undefined) throw new Error(said.error);
    if (said.status === undefined) continue;
    last = said.status;
    const id = said.id ?? '';
    if (id !== '' && states.get(id) === said.status) continue;
    states.set(id, said.status);
    onOutput(Buffer.from(`${id === '' ? '' : `${id}: `}${said.status}\n`));
  }
  return last;
}

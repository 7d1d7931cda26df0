import { readIfExists, writeFileAtomic } from '@redcontrol/system';
import * as z from 'zod';

/** The last event of a server that was told. */
const cursor = z.object({ seq: z.int().min(0), at: z.int() });
const cursors = z.record(z.string(), cursor);

export type Cursor = z.infer<typeof cursor>;

export interface CursorStore {
  get(server: string): Cursor | undefined;
  /** Resolves when it is on disk. */
  set(server: string, cursor: Cursor): Promise<void>;
}

/** Opens the file that says how far the events of each server were told; a broken one is begun anew. */
export async function openCursorStore(path: string): Promise<CursorStore> {
  const known = readCursors(await readIfExists(path));
  let writing: Promise<void> = Promise.resolve();
  return {
    get: (server) => known[server],
    set(server, cursor) {
      known[server] = cursor;
      // One write after the other, so that an older state never replaces a newer one.
      writing = writing.catch(() => {}).then(() => writeFileAtomic(path, `${JSON.stringify(known)}\n`));
      return writing;
    },
  };
}

function readCursors(text: string | undefined): Record<string, Cursor> {
  if (text === undefined) return {};
  try {
    return cursors.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { readIfExists, writeFileAtomic } from '@redcontrol/system';

const maxDraftBytes = 2 * 1024 * 1024;

/** What was typed and not saved yet, on disk, so that a crash loses nothing. */
export interface Drafts {
  load(key: string): Promise<{ value: unknown; savedAt: number | null }>;
  save(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
}

export function createDrafts(folder: string): Drafts {
  const fileOf = (key: string) => join(folder, 'drafts', `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  // One after the other, so that a draft that was removed does not come back with a save before it.
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work);
    last = done;
    return done;
  };
  return {
    load: (key) => inOrder(async () => {
      const text = await readIfExists(fileOf(key));
      return text === undefined ? { value: null, savedAt: null } : (JSON.parse(text) as { value: unknown; savedAt: number });
    }),
    save: (key, value) => inOrder(async () => {
      const text = JSON.stringify({ key, value, savedAt: Date.now() });
      if (text.length > maxDraftBytes) throw new RedControlError('LIMIT_REACHED', `Expected a draft of at most ${maxDraftBytes} bytes, got ${text.length}`);
      await writeFileAtomic(fileOf(key), text);
    }),
    remove: (key) => inOrder(() => rm(fileOf(key), { force: true })),
  };
}

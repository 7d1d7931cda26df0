import { readIfExists, writeFileAtomic } from '@redcontrol/system';
import * as z from 'zod';
import { notice, type Notice } from './notice.ts';

/** The newest so many are kept through quiet hours. */
const maxHeld = 2_000;

/** Notices that wait for the end of quiet hours; on disk, so that a restart of the machine loses none. */
export interface HeldStore {
  all(): readonly Notice[];
  add(notices: readonly Notice[]): Promise<void>;
  clear(): Promise<void>;
}

export async function openHeldStore(path: string): Promise<HeldStore> {
  let held = readHeld(await readIfExists(path));
  const write = () => writeFileAtomic(path, `${JSON.stringify(held)}\n`);
  return {
    all: () => held,
    async add(notices) {
      held = [...held, ...notices].slice(-maxHeld);
      await write();
    },
    async clear() {
      held = [];
      await write();
    },
  };
}

function readHeld(text: string | undefined): Notice[] {
  try {
    return z.array(notice).parse(JSON.parse(text ?? '[]'));
  } catch {
    return [];
  }
}

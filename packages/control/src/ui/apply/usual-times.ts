import { join } from 'node:path';
import { z } from 'zod';
import { readIfExists, writeFileAtomic } from '@redcontrol/system';

const keptPerOperation = 5;
const maxOperations = 500;
const form = z.record(z.string(), z.array(z.number().nonnegative()));

/** How long operations took the last times, so that an apply can tell what is left. */
export interface UsualTimes {
  /** The middle of the last durations in milliseconds; null where it was never done from here. */
  of(operation: string): number | null;
  note(operation: string, tookMs: number): void;
  save(): Promise<void>;
}

/** Reads them from control's folder; a file that is not readable counts as none: they are only a guess. */
export async function openUsualTimes(folder: string): Promise<UsualTimes> {
  const path = join(folder, 'apply-times.json');
  const known = new Map(Object.entries(parse(await readIfExists(path))));
  return {
    of(operation) {
      const sorted = [...(known.get(operation) ?? [])].sort((one, other) => one - other);
      return sorted[Math.floor(sorted.length / 2)] ?? null;
    },
    note(operation, tookMs) {
      const times = [...(known.get(operation) ?? []), tookMs].slice(-keptPerOperation);
      known.delete(operation);
      known.set(operation, times);
      if (known.size > maxOperations) known.delete([...known.keys()][0]!);
    },
    save: () => writeFileAtomic(path, JSON.stringify(Object.fromEntries(known))),
  };
}

function parse(text: string | undefined): z.infer<typeof form> {
  try {
    return form.parse(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}

import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';

const reserveBytes = 8 * 1024 ** 2;

/** Room on the state's disk that is kept for the verdicts of runs that filled it: a file that is given up for them. */
export interface DiskReserve {
  /** Makes the file unless it is there; a disk without room for it is left as it is. */
  keep(): void;
  /** Gives the room to whoever writes next; false when there was none. */
  release(): boolean;
}

export function diskReserve(path: string): DiskReserve {
  return {
    keep() {
      if (statSync(path, { throwIfNoEntry: false })) return;
      const fresh = `${path}.new`;
      try {
        writeAll(fresh);
        renameSync(fresh, path);
      } catch {
        rmSync(fresh, { force: true });
      }
    },
    release() {
      if (!statSync(path, { throwIfNoEntry: false })) return false;
      rmSync(path, { force: true });
      return true;
    },
  };
}

/** Random, so that no file system makes it smaller. */
function writeAll(path: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    const block = randomBytes(1024 ** 2);
    for (let written = 0; written < reserveBytes; ) written += writeSync(file, block);
  } finally {
    closeSync(file);
  }
}

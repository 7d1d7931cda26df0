import { formatBytes, RedControlError } from '@redcontrol/contract';
import type { Clock } from '@redcontrol/system';
import { execInContainer, type Engine } from '../engine/index.ts';

const lookEveryMs = 1_000;

/** Bytes free where a container sees a folder: on the server's disk, or on that of a virtual machine. */
export async function freeBytesAt(engine: Engine, container: string, path: string): Promise<number> {
  let said = '';
  const { exitCode } = await execInContainer(engine, { container, command: ['df', '-Pk', path], onOutput: (chunk) => void (said += chunk.toString()), timeoutMs: 20_000 });
  const kilobytes = Number(said.trim().split('\n').at(-1)?.split(/\s+/)[3]);
  if (exitCode !== 0 || Number.isNaN(kilobytes)) throw new RedControlError('COMMAND_FAILED', `Expected df to tell the free room of ${path} in ${container}, got ${exitCode}: ${said.trim().slice(-300)}`);
  return kilobytes * 1024;
}

/** Throws DISK_FULL when less than `neededBytes` would be free. */
export async function assertDataRoom(engine: Engine, place: { container: string; path: string }, neededBytes: number): Promise<void> {
  const freeBytes = await freeBytesAt(engine, place.container, place.path);
  if (freeBytes < neededBytes) throw noRoom(freeBytes, neededBytes);
}

/** Stops what fills a disk before it is full: production's databases stand on the same. Answers a signal that fires then, and how to end the watch. */
export function watchDataRoom(engine: Engine, place: { container: string; path: string }, options: { reserveBytes: number; clock: Clock }): { signal: AbortSignal; end: () => void } {
  const full = new AbortController();
  const ended = new AbortController();
  void (async () => {
    while (!ended.signal.aborted) {
      const freeBytes = await freeBytesAt(engine, place.container, place.path).catch(() => Infinity);
      if (freeBytes < options.reserveBytes) return full.abort(noRoom(freeBytes, options.reserveBytes));
      await options.clock.sleep(lookEveryMs, ended.signal).catch(() => {});
    }
  })();
  return { signal: full.signal, end: () => ended.abort() };
}

function noRoom(freeBytes: number, neededBytes: number): RedControlError {
  return new RedControlError('DISK_FULL', `Expected ${formatBytes(neededBytes)} free on the disk of the databases, got ${formatBytes(freeBytes)}`, {
    hint: 'What is in use was not touched, and what was being made is removed. Free some disk: remove old backups (redcontrol backup list), databases kept from before (redcontrol database kept), old releases (`keep`), or give the server a larger disk.',
  });
}

import { asRedControlError } from '@redcontrol/contract';
import { systemClock, type Clock } from '@redcontrol/system';
import { readTreeSize } from './tree-size.ts';

/** A walk may take this long; a tree that needs longer has too many files and counts as over its limit. */
const maxWalkMs = 60_000;
/** Walks take at most this part of the time: after one of 1 s the next begins 9 s later. */
const walkShare = 0.1;

export interface WatchTreeOptions {
  directory: string;
  maxBytes: number;
  /** Time between two looks, longer where a look itself takes long. */
  intervalMs: number;
  /** Ends the watch, when the step has ended. */
  signal: AbortSignal;
  /** Further bytes that count, such as the container's writable layer. Its errors count as 0 bytes. */
  extraBytes?: () => Promise<number>;
  /** Told after each look. */
  onSize?: (bytes: number) => void;
  clock?: Pick<Clock, 'sleep'>;
}

/**
 * Watches what a tree takes on disk: 'over' as soon as a look finds more than `maxBytes`, 'ended' when the signal fires.
 * A tree that is gone, or cannot be looked at, counts as empty; nothing is thrown.
 */
export async function watchTreeSize(options: WatchTreeOptions): Promise<'over' | 'ended'> {
  const { maxBytes, intervalMs, signal, onSize, clock = systemClock } = options;
  while (!signal.aborted) {
    const startMs = performance.now();
    const bytes = await readSize(options);
    if (signal.aborted) break;
    onSize?.(bytes);
    if (bytes > maxBytes) return 'over';
    const walkMs = performance.now() - startMs;
    await clock.sleep(Math.max(intervalMs, walkMs / walkShare - walkMs), signal).catch(() => {});
  }
  return 'ended';
}

async function readSize({ directory, signal, extraBytes }: WatchTreeOptions): Promise<number> {
  const [tree, extra] = await Promise.all([
    readTreeSize(directory, { timeoutMs: maxWalkMs, signal }).catch((error: unknown) => (asRedControlError(error).code === 'LIMIT_REACHED' ? Infinity : 0)),
    extraBytes?.().catch(() => 0) ?? 0,
  ]);
  return tree + extra;
}

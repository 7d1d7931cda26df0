import type { Clock } from '@redcontrol/system';

/** A clock that a test moves by hand. */
export interface HeldClock extends Clock {
  /** Milliseconds that the sleepers asked for, in the order they came. */
  asked: number[];
  /** Moves the time and wakes those whose time has come. */
  advance(ms: number): void;
  /** Resolves once somebody sleeps. */
  sleeping(): Promise<void>;
}

export function heldClock(): HeldClock {
  let nowMs = 1_000_000;
  const sleepers = new Set<{ until: number; wake(): void }>();
  const watchers = new Set<() => void>();
  const asked: number[] = [];
  return {
    asked,
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        asked.push(ms);
        const sleeper = { until: nowMs + ms, wake: () => { sleepers.delete(sleeper); resolve(); } };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => { sleepers.delete(sleeper); reject(signal.reason); }, { once: true });
        for (const watcher of watchers) watcher();
        watchers.clear();
      }),
    advance(ms) {
      nowMs += ms;
      for (const sleeper of sleepers) if (sleeper.until <= nowMs) sleeper.wake();
    },
    sleeping: () => (sleepers.size > 0 ? Promise.resolve() : new Promise((resolve) => watchers.add(resolve))),
  };
}

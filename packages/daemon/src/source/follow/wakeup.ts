import type { Clock } from '@redcontrol/system';

/** A wait that can be cut short, by a poke that may also come before it. */
export interface Wakeup {
  poke(): void;
  /** Resolves after `ms`, at a poke (also one since the last wait), or when the signal fires. */
  wait(ms: number): Promise<'poked' | 'time' | 'ended'>;
}

export function createWakeup(clock: Clock, signal: AbortSignal): Wakeup {
  let isPoked = false;
  let waiting: AbortController | undefined;
  return {
    poke() {
      isPoked = true;
      waiting?.abort();
    },
    async wait(ms) {
      if (!isPoked && !signal.aborted) {
        waiting = new AbortController();
        await clock.sleep(ms, AbortSignal.any([signal, waiting.signal])).catch(() => {});
        waiting = undefined;
      }
      if (signal.aborted) return 'ended';
      const result = isPoked ? 'poked' : 'time';
      isPoked = false;
      return result;
    },
  };
}

import { RedControlError } from '@redcontrol/contract';

/** A bell that rings for whoever waits; a ring that comes before is not lost. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, at the latest after `atMostMs`. Throws CANCELLED when the signal fires. */
  next(signal: AbortSignal, atMostMs: number): Promise<void>;
}

export function createBell(): Bell {
  let rung = false;
  let wake = () => {};
  return {
    ring() {
      rung = true;
      wake();
    },
    async next(signal, atMostMs) {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(done, atMostMs);
          function done() {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            resolve();
          }
          wake = done;
          signal.addEventListener('abort', done, { once: true });
        });
      }
      rung = false;
      if (signal.aborted) throw new RedControlError('CANCELLED', 'Waiting was cancelled');
    },
  };
}

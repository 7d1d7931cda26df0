import { systemClock, type Clock } from '@redcontrol/system';

/** The time of day, which a test can move forward: who sleeps is woken when their time is past. */
export function createMovableClock(): Clock & { advance(ms: number): void } {
  let ahead = 0;
  const sleepers = new Set<() => void>();
  return {
    now: () => Date.now() + ahead,
    advance(ms) {
      ahead += ms;
      for (const look of sleepers) look();
    },
    sleep(ms, signal) {
      const until = Date.now() + ahead + ms;
      const early = new AbortController();
      const look = () => {
        if (Date.now() + ahead >= until) early.abort('woken');
      };
      sleepers.add(look);
      return systemClock.sleep(Math.min(ms, 2 ** 31 - 1), AbortSignal.any([early.signal, ...(signal ? [signal] : [])])).catch((reason: unknown) => {
        if (reason !== 'woken') throw reason;
      }).finally(() => sleepers.delete(look));
    },
  };
}

const firstWaitMs = 500;
const longestWaitMs = 15_000;

/**
 * How long to wait before connection attempt `attempt` (from 1) is made again: doubling, at most 15 s, and scattered,
 * so that many programs do not come back to a server in one moment. `random` is from 0 to below 1.
 */
export function waitBeforeMs(attempt: number, random: number): number {
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(attempt - 1, 10));
  return Math.round(waitMs * (0.5 + random / 2));
}

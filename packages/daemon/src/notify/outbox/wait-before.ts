/** A message is not tried at longer distances than this. */
export const longestWaitMs = 3_600_000;

/**
 * How long after so many failures in a row the next try is made: twice as long each time, up to an hour, and less by
 * chance of up to a half, so that several servers do not all come at once. `askedMs` is what the other side asked for.
 */
export function waitBefore(failures: number, options: { firstWaitMs: number; askedMs?: number | undefined; random?: () => number }): number {
  const { firstWaitMs, askedMs = 0, random = Math.random } = options;
  const full = Math.min(firstWaitMs * 2 ** Math.min(failures - 1, 30), longestWaitMs);
  return Math.round(Math.max(full * (0.5 + random() / 2), Math.min(askedMs, longestWaitMs)));
}

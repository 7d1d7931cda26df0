import type { ErrorCode } from '@redcontrol/contract';

const firstMs = 1_000;
const longestMs = 60_000;
/** What a person has to change first is not asked for more often than this. */
const standingMs = 300_000;
const standing: readonly ErrorCode[] = ['SSH_DENIED', 'SSH_HOST_KEY', 'CONTRACT_MISMATCH', 'FORBIDDEN'];

/**
 * Milliseconds until the next attempt, after `attempt` failures in a row: doubling to a minute,
 * and a random half of it, so that a server that comes back is not met by all at once.
 */
export function pauseBefore({ attempt, code, random = Math.random }: { attempt: number; code: ErrorCode; random?: () => number }): number {
  const full = standing.includes(code) ? standingMs : Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 16));
  return Math.round(full * (0.5 + random() / 2));
}

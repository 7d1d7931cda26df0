import { parseDurationMs, RedControlError } from '@redcontrol/contract';

/** Milliseconds since 1970 of "10m" before now, or of a time as ISO 8601 writes it. Throws USAGE for anything else. */
export function sinceTime(text: string, now: number): number {
  try {
    return Math.floor(now - parseDurationMs(text.replace(/ ago$/, '')));
  } catch {
    const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(at)) return Math.max(0, at);
    throw new RedControlError('USAGE', `Expected a duration such as 10m, or a time such as 2027-05-01T03:00Z, got ${JSON.stringify(text)}`);
  }
}

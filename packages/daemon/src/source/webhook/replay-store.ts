import { createHash } from 'node:crypto';

/** Remembers deliveries for a while, so that one that was caught and sent again starts nothing. */
export interface ReplayStore {
  /** Keeps the key; false when it was there already. */
  remember(key: string, nowMs: number): boolean;
}

const defaultMaxEntries = 10_000;
const defaultMaxAgeMs = 60 * 60_000;

/** In memory, bounded by number and age. After a restart a replay only makes us look once more. */
export function createReplayStore(options: { maxEntries?: number; maxAgeMs?: number } = {}): ReplayStore {
  const maxEntries = options.maxEntries ?? defaultMaxEntries;
  const maxAgeMs = options.maxAgeMs ?? defaultMaxAgeMs;
  /** In the order they came, so that the oldest stand first. */
  const seen = new Map<string, number>();
  return {
    remember(key, nowMs) {
      for (const [old, at] of seen) {
        if (nowMs - at < maxAgeMs) break;
        seen.delete(old);
      }
      if (seen.has(key)) return false;
      seen.set(key, nowMs);
      const oldest = seen.keys().next();
      if (seen.size > maxEntries && !oldest.done) seen.delete(oldest.value);
      return true;
    },
  };
}

/**
 * A delivery is the same when its id or its body is: the id is not signed, so a caught request with another id is known
 * by its body. A true second push with the very same body is found by polling.
 */
export function replayKeys(project: string, deliveryId: string | undefined, body: Buffer): string[] {
  const keys = [`${project} body ${createHash('sha256').update(body).digest('hex')}`];
  if (deliveryId !== undefined) keys.push(`${project} id ${deliveryId}`);
  return keys;
}

/** How often containers were started again, as one look after the other saw it. Nothing of it is stored: what was told is. */
export interface RestartWatch {
  /** Takes the number of restarts that the engine counts for a container now. */
  see(container: string, restarts: number, now: number): void;
  /** loop: so many restarts in so short a time that it will not come to itself. steady: watched long enough without any. */
  judge(container: string, now: number): 'loop' | 'steady' | 'unclear';
  /** Containers that are gone are forgotten. */
  keepOnly(containers: ReadonlySet<string>): void;
}

/** The engine waits up to a minute between two starts, so a loop has at least four in this time. */
export const crashWindowMs = 300_000;
export const crashCount = 3;

export function createRestartWatch(): RestartWatch {
  const seen = new Map<string, { restarts: number; since: number; at: number[] }>();
  return {
    see(container, restarts, now) {
      const known = seen.get(container);
      // The engine counts from 0 again when somebody else has started it.
      const added = known === undefined ? 0 : Math.max(0, restarts - known.restarts);
      const at = [...(known?.at ?? []), ...Array.from({ length: Math.min(added, crashCount) }, () => now)].filter((one) => now - one < crashWindowMs);
      seen.set(container, { restarts, since: known?.since ?? now, at: at.slice(-crashCount) });
    },
    judge(container, now) {
      const known = seen.get(container);
      if (!known) return 'unclear';
      const recent = known.at.filter((one) => now - one < crashWindowMs);
      if (recent.length >= crashCount) return 'loop';
      return recent.length === 0 && now - known.since >= crashWindowMs ? 'steady' : 'unclear';
    },
    keepOnly(containers) {
      for (const container of seen.keys()) if (!containers.has(container)) seen.delete(container);
    },
  };
}

import type { Schedule } from '@redcontrol/system';

export interface DuePlan {
  /** The time to start for now; undefined when all that was due is too long ago. */
  dueAt: number | undefined;
  /** What was due and cannot be started any more; `count` ends at `maxCounted`. */
  missed: { count: number; firstAt: number; lastAt: number } | undefined;
  /** Null when the line is never due again. */
  nextAt: number | null;
}

/** A start so late is late, no miss: a restart of the daemon takes less. */
export const missedAfterMs = 60_000;
/** More missed times than these are not counted one by one. */
export const maxCounted = 1000;

/** What has to be done for a job whose next time, `nextAt`, has come, pure. Each time falls to exactly one plan. */
export function planDue(schedule: Schedule, nextAt: number, now: number): DuePlan {
  const times: number[] = [];
  let at: number | undefined = nextAt;
  while (at !== undefined && at <= now && times.length < maxCounted) {
    times.push(at);
    at = schedule.next(at);
  }
  if (at !== undefined && at <= now) at = schedule.next(now);
  const last = times.at(-1);
  const isLate = last === undefined || now - last > missedAfterMs;
  const missed = isLate ? times : times.slice(0, -1);
  return {
    dueAt: isLate ? undefined : last,
    missed: missed.length > 0 ? { count: missed.length, firstAt: missed[0]!, lastAt: missed.at(-1)! } : undefined,
    nextAt: at ?? null,
  };
}

import type { ApplyStep } from '@redcontrol/contract';

/** What is left of an apply in milliseconds; undefined while one of its operations was never done from here. */
export function timeLeftMs(steps: readonly ApplyStep[], now: number): number | undefined {
  const open = steps.filter(({ state }) => state === 'waiting' || state === 'started');
  if (open.length === 0) return undefined;
  let leftMs = 0;
  for (const { usualMs, state, startedAt } of open) {
    if (usualMs === null) return undefined;
    const goneMs = state === 'started' && startedAt !== null ? now - startedAt : 0;
    leftMs += Math.max(0, usualMs - goneMs);
  }
  return leftMs;
}

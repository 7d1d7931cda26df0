const format = new Intl.RelativeTimeFormat('en', { style: 'narrow', numeric: 'always' });
const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1000]] as const;

/** "3min ago", "in 2h"; "now" within a second; "–" for never. */
export function relativeTime(at: number | null | undefined, now: number): string {
  if (at === null || at === undefined) return '–';
  const away = at - now;
  for (const [unit, ms] of units) {
    if (Math.abs(away) >= ms) return format.format(Math.trunc(away / ms), unit);
  }
  return 'now';
}

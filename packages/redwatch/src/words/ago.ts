const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1000]] as const;

/** How long ago something was, in words: "3 min. ago". */
export function ago(language: 'en' | 'ru', { at, now }: { at: number; now: number }): string {
  const format = new Intl.RelativeTimeFormat(language, { style: 'short', numeric: 'auto' });
  const away = at - now;
  for (const [unit, ms] of units) if (Math.abs(away) >= ms) return format.format(Math.trunc(away / ms), unit);
  return format.format(0, 'second');
}

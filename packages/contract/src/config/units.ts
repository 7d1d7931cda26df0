import { text } from './text.ts';

const durationUnitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const sizeUnitsBytes = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 } as const;

const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const sizePattern = /^(\d+(?:\.\d+)?)([KMGT])i?B?$/;

/** Milliseconds of a duration such as `90s`, `10m`, `1.5h`. Throws a RangeError on any other text. */
export function parseDurationMs(text: string): number {
  const match = durationPattern.exec(text);
  if (!match) throw new RangeError(`Expected a duration such as 90s, 10m or 2h, got ${JSON.stringify(text)}`);
  return Number(match[1]) * durationUnitsMs[match[2] as keyof typeof durationUnitsMs];
}

/** Bytes of a size such as `512M` or `2G` (powers of 1024). Throws a RangeError on any other text. */
export function parseSizeBytes(text: string): number {
  const match = sizePattern.exec(text);
  if (!match) throw new RangeError(`Expected a size such as 512M or 2G, got ${JSON.stringify(text)}`);
  return Math.round(Number(match[1]) * sizeUnitsBytes[match[2] as keyof typeof sizeUnitsBytes]);
}

/** A duration as text: `90s`, `10m`, `2h`, `7d`. */
export const duration = text(durationPattern, 'a duration such as 90s, 10m or 2h')
  .describe('A duration: a number and ms, s, m, h or d.');

/** A size as text: `512M`, `2G`, powers of 1024. */
export const size = text(sizePattern, 'a size such as 512M or 2G')
  .describe('A size: a number and K, M, G or T (powers of 1024).');

/** 1536 → "1.5 KB"; for people, not for parsing. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** 72500 → "1m 12s", 340 → "340ms"; for people, not for parsing. */
export function formatDurationMs(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)}s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes}m ${Math.floor((ms % 60_000) / 1000)}s`;
  return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

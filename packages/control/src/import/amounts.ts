import { textOf } from './source-file.ts';

const unitSeconds: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** A size as Docker writes it (`512m`, `1gb`, bytes) as the configuration does; undefined for anything else. */
export function sizeOf(value: unknown): string | undefined {
  const [, number, unit = 'b'] = /^(\d{1,15}(?:\.\d{1,6})?)\s?([bkmgt]?)(?:i?b)?$/i.exec(textOf(value)?.trim() ?? '') ?? [];
  if (number === undefined) return undefined;
  const letter = unit.toLowerCase();
  if (letter !== 'b' && letter !== '') return `${number}${letter.toUpperCase()}`;
  const megabytes = Math.round(Number(number) / 1024 ** 2);
  return megabytes > 0 ? `${megabytes}M` : undefined;
}

/** A duration as Docker and Kamal write it (`1m30s`, `10s`, seconds) as the configuration does; undefined for anything else. */
export function durationOf(value: unknown): string | undefined {
  const text = textOf(value)?.trim() ?? '';
  if (/^\d{1,7}$/.test(text)) return `${text}s`;
  if (!/^(?:\d{1,7}(?:ms|s|m|h))+$/.test(text)) return undefined;
  const seconds = [...text.matchAll(/(\d+)(ms|s|m|h)/g)].reduce((sum, [, number, unit]) => sum + Number(number) * (unitSeconds[unit ?? ''] ?? 0), 0);
  return Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms`;
}

/** A whole number from 0 to `most`; undefined for anything else. */
export function countOf(value: unknown, most: number): number | undefined {
  const text = textOf(value) ?? '';
  return /^\d{1,9}$/.test(text) && Number(text) <= most ? Number(text) : undefined;
}

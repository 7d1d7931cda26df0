import type { Language } from './translate.ts';
import { useLanguage } from './language.tsx';

export interface Formats {
  /** "5 minutes ago" */
  ago(at: number, now: number): string;
  /** "in 5 minutes" */
  until(at: number, now: number): string;
  /** Day and time in the local zone. */
  moment(at: number): string;
  time(at: number): string;
  /** Hours and minutes. */
  minute(at: number): string;
  /** Day and month. */
  day(at: number): string;
  duration(ms: number): string;
  bytes(count: number): string;
  number(value: number): string;
  percent(share: number): string;
}

/** Times, sizes and numbers as people of the chosen language write them. */
export function useFormats(): Formats {
  return formatsOf(useLanguage().language);
}

const known = new Map<Language, Formats>();

/** One set a language for the whole page: the formatters of Intl are costly to make. */
function formatsOf(language: Language): Formats {
  const formats = known.get(language) ?? createFormats(language);
  known.set(language, formats);
  return formats;
}

const secondMs = 1000;
const steps: [Intl.RelativeTimeFormatUnit, number][] = [['second', secondMs], ['minute', 60 * secondMs], ['hour', 3600 * secondMs], ['day', 86_400 * secondMs], ['month', 2_629_800 * secondMs], ['year', 31_557_600 * secondMs]];

function inUnits(ms: number): [count: number, unit: Intl.RelativeTimeFormatUnit] {
  const awayMs = Math.max(0, ms);
  const [name, size] = steps.findLast(([, stepMs]) => awayMs >= stepMs) ?? ['second', secondMs];
  return [Math.floor(awayMs / size), name];
}

export function createFormats(language: Language): Formats {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
  const minute = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const units = new Map<string, Intl.NumberFormat>();
  const unit = (name: string, value: number, digits = 0) => {
    const key = `${name} ${digits}`;
    const format = units.get(key) ?? new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits });
    units.set(key, format);
    return format.format(value);
  };
  return {
    ago(at, now) {
      const [count, name] = inUnits(now - at);
      return relative.format(-count, name);
    },
    until(at, now) {
      const [count, name] = inUnits(at - now);
      return relative.format(count, name);
    },
    moment: (at) => moment.format(at),
    time: (at) => time.format(at),
    minute: (at) => minute.format(at),
    day: (at) => day.format(at),
    duration(ms) {
      if (ms < 1000) return unit('millisecond', Math.round(ms));
      if (ms < 60_000) return unit('second', ms / 1000, 1);
      const minutes = Math.floor(ms / 60_000);
      if (minutes < 60) return `${unit('minute', minutes)} ${unit('second', Math.floor((ms % 60_000) / 1000))}`;
      return `${unit('hour', Math.floor(minutes / 60))} ${unit('minute', minutes % 60)}`;
    },
    bytes(count) {
      const names = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
      let value = count;
      let index = 0;
      while (value >= 1024 && index < names.length - 1) {
        value /= 1024;
        index += 1;
      }
      return unit(names[index]!, value, value < 100 && index > 0 ? 1 : 0);
    },
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
  };
}

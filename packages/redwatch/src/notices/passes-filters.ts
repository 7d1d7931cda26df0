import type { Filters } from '../settings/settings.ts';
import type { Notice } from './notice.ts';

/** Whether a notice is one that its user wants at all. Quiet hours only hold it back: see isQuiet. */
export function passesFilters(notice: Notice, filters: Filters): boolean {
  if (filters.mine.length > 0 && notice.authorEmail !== undefined && !filters.mine.some((email) => email.toLowerCase() === notice.authorEmail?.toLowerCase())) return false;
  if (filters.branches.length > 0 && notice.ref !== undefined && !filters.branches.some((pattern) => fits(notice.ref ?? '', pattern))) return false;
  if (filters.environments.length > 0 && notice.environments.length > 0 && !notice.environments.some((name) => filters.environments.includes(name))) return false;
  return true;
}

/** Whether the moment, by this machine's clock, lies in the quiet hours; they may go over midnight. */
export function isQuiet(at: Date, quietHours: Filters['quietHours']): boolean {
  if (!quietHours) return false;
  const minute = at.getHours() * 60 + at.getMinutes();
  const [from, to] = [minuteOf(quietHours.from), minuteOf(quietHours.to)];
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

function fits(name: string, pattern: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*');
  return new RegExp(`^${source}$`).test(name);
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

import { Cron } from 'croner';

/** A cron line that was found to be good, in its time zone. */
export interface Schedule {
  /**
   * The first time after `afterMs` at which it is due, in ms since 1970 UTC; undefined when there is none.
   * Times of the clock that a change to summer time skips are due when the hour they fall into would have been over;
   * those that come twice in autumn are due once, unless the line names them by `*` or steps of the hour.
   */
  next(afterMs: number): number | undefined;
}

/** Throws croner's error for a line that is none, or an unknown time zone: `cronProblem` says it in words. */
export function parseSchedule(line: string, timeZone: string): Schedule {
  const cron = new Cron(line, { timezone: timeZone, paused: true, mode: '5-part' });
  return { next: (afterMs) => cron.nextRun(new Date(afterMs))?.getTime() };
}

/** Why a cron line can never be due, as the end of "got …"; undefined when there is a next time. */
export function cronProblem(line: string, timeZone: string): string | undefined {
  const shown = JSON.stringify(line.length > 60 ? `${line.slice(0, 57)}…` : line);
  const fields = line.trim().split(/\s+/).length;
  if (fields !== 5) return `${shown}, which has ${fields} fields instead of 5`;
  try {
    return parseSchedule(line, timeZone).next(Date.now()) === undefined ? `${shown}, which is never due` : undefined;
  } catch (error) {
    return `${shown} (${(error as Error).message.replace(/^CronPattern: /, '')})`;
  }
}

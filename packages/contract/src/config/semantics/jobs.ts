import { showValue, type ConfigProblem } from '../problem.ts';
import type { ProjectConfig } from '../project.ts';

/** What is wrong with a cron line in a time zone, as the end of "got …"; undefined when it will run. */
export type CronProblem = (cron: string, timeZone: string) => string | undefined;

/** Jobs that would never run, or at another time than the one meant. */
export function jobProblems(config: ProjectConfig, cronProblem: CronProblem | undefined): ConfigProblem[] {
  return Object.entries(config.jobs).flatMap(([name, { cron, timeZone }]): ConfigProblem[] => {
    if (!isTimeZone(timeZone)) {
      const candidates = ['UTC', ...Intl.supportedValuesOf('timeZone')];
      return [{ path: ['jobs', name, 'timeZone'], about: 'value', expected: 'an IANA time zone such as Europe/Berlin', got: showValue(timeZone), misspelled: { word: timeZone, candidates } }];
    }
    const got = cronProblem?.(cron, timeZone);
    return got ? [{ path: ['jobs', name, 'cron'], about: 'value', expected: 'a cron line that is due some day, such as "0 3 * * *"', got }] : [];
  });
}

function isTimeZone(name: string): boolean {
  // Offsets such as +03:00 are accepted by Intl, but have no daylight saving and no name.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

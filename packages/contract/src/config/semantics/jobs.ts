import { showValue, type ConfigProblem } from '../problem.ts';
import type { Job } from '../process.ts';
import type { ProjectConfig } from '../project.ts';
import { parseDurationMs } from '../units.ts';
import { commandProblem, memoryProblem } from './processes.ts';

/** What is wrong with a cron line in a time zone, as the end of "got …"; undefined when it will run. */
export type CronProblem = (cron: string, timeZone: string) => string | undefined;

const longestTimeoutMs = 7 * 86_400_000;

/** Jobs that would never run, or at another time than the one meant. */
export function jobProblems(config: ProjectConfig, cronProblem: CronProblem | undefined): ConfigProblem[] {
  return Object.entries(config.jobs).flatMap(([name, job]) => {
    const path = ['jobs', name];
    return [...timeProblems(job, path, cronProblem), ...limitProblems(job, path), ...placeProblems(config, job, path)];
  });
}

function timeProblems({ cron, timeZone }: Job, path: string[], cronProblem: CronProblem | undefined): ConfigProblem[] {
  if (!isTimeZone(timeZone)) {
    const candidates = ['UTC', ...Intl.supportedValuesOf('timeZone')];
    return [{ path: [...path, 'timeZone'], about: 'value', expected: 'an IANA time zone such as Europe/Berlin', got: showValue(timeZone), misspelled: { word: timeZone, candidates } }];
  }
  const got = cronProblem?.(cron, timeZone);
  return got ? [{ path: [...path, 'cron'], about: 'value', expected: 'a cron line that is due some day, such as "0 3 * * *"', got }] : [];
}

function limitProblems({ run, timeout, memory }: Job, path: string[]): ConfigProblem[] {
  const timeoutMs = parseDurationMs(timeout);
  const isPossible = timeoutMs >= 1000 && timeoutMs <= longestTimeoutMs;
  return [
    ...commandProblem(run, [...path, 'run']),
    ...memoryProblem(memory, [...path, 'memory']),
    ...(isPossible ? [] : [{ path: [...path, 'timeout'], about: 'value' as const, expected: 'a timeout from 1s to 7d', got: showValue(timeout) }]),
  ];
}

function placeProblems(config: ProjectConfig, { environments = [] }: Job, path: string[]): ConfigProblem[] {
  const known = Object.keys(config.environments);
  return environments.flatMap((environment, index) => (known.includes(environment) ? [] : [{
    path: [...path, 'environments', index], about: 'value' as const, expected: `one of the environments ${known.join(', ')}`, got: showValue(environment), misspelled: { word: environment, candidates: known },
  }]));
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

import type { FailedTest } from '@redcontrol/contract';
import { failedTestOf } from '../failed-test.ts';
import { linesUntil } from './lines.ts';

/** Maven Surefire and Failsafe, 2 and 3: lines that end with "<<< FAILURE!" or "<<< ERROR!" and the exception after them. */
export function parseSurefire(lines: readonly string[]): FailedTest[] {
  return lines.flatMap((line, at) => {
    const place = placeOf(line);
    return place ? [failedTestOf(place.suite, place.name, linesUntil(lines, at + 1, /^\s*$|^\s+at /))] : [];
  });
}

function placeOf(line: string): { suite: string; name: string } | undefined {
  const before = /^(?:\[ERROR\] )?(.+?)(?: --)?\s+Time elapsed: [\d.,]+ s(?:ec)?\s+<<< (?:FAILURE|ERROR)!$/.exec(line)?.[1];
  if (before === undefined || before.startsWith('Tests run:')) return undefined;
  const [, method, suite] = /^(.+)\(([\w.$]+)\)$/.exec(before) ?? [];
  if (method !== undefined) return { suite: suite!, name: method };
  const [, type, name] = /^([\w.$]+)\.([^.]+)$/.exec(before) ?? [];
  return type === undefined ? undefined : { suite: type, name: name! };
}

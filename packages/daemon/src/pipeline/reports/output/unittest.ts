import type { FailedTest } from '@redcontrol/contract';
import { failedTestOf } from '../failed-test.ts';
import { findLine, linesUntil } from './lines.ts';

/** Python's unittest, which Django's runner prints too: FAIL and ERROR under a ruler, the message after the traceback. */
export function parseUnittest(lines: readonly string[]): FailedTest[] {
  const tests: FailedTest[] = [];
  lines.forEach((line, at) => {
    const [, name, place, parameters = ''] = /^(?:FAIL|ERROR): (\S+) \(([\w.<>]+)\)((?: [[(].*)?)$/.exec(line) ?? [];
    if (name === undefined || !/^={60,}$/.test(lines[at - 1] ?? '')) return;
    const suite = place!.endsWith(`.${name}`) ? place!.slice(0, -name.length - 1) : place!;
    tests.push(failedTestOf(suite, name + parameters, messageAfter(lines, at)));
  });
  return tests;
}

/** The first unindented lines after the traceback's indented ones. */
function messageAfter(lines: readonly string[], at: number): string {
  const traceback = findLine(lines, at, /^Traceback \(most recent call last\):$/, 10);
  if (traceback < 0) return '';
  const message = findLine(lines, traceback + 1, /^\S/, 200);
  return message < 0 ? '' : linesUntil(lines, message);
}

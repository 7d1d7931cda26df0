import type { FailedTest } from '@redcontrol/contract';
import { failedTestOf } from '../failed-test.ts';
import { linesUntil } from './lines.ts';

/** Jest: "● suite › name" under "FAIL file". */
export function parseJest(lines: readonly string[]): FailedTest[] {
  const tests: FailedTest[] = [];
  let file: string | undefined;
  lines.forEach((line, at) => {
    file = /^\s*FAIL\s+(?:\S+ )?(\S+\.[cm]?[jt]sx?)(?: \(.*\))?$/.exec(line)?.[1] ?? (/^\s*PASS\s/.test(line) ? undefined : file);
    const title = /^ {2}\u25cf (.+)$/.exec(line)?.[1];
    if (title === undefined || file === undefined || /^Console$/.test(title)) return;
    const path = title.split(' › ');
    const name = path.pop()!;
    tests.push(failedTestOf([file, ...path].join(' › '), name, messageOf(lines, at)));
  });
  return tests;
}

/** The first paragraph, and the one after it where that says what was expected. */
function messageOf(lines: readonly string[], at: number): string {
  const start = lines[at + 1]?.trim() === '' ? at + 2 : at + 1;
  const said = linesUntil(lines, start);
  const next = start + said.split('\n').length + 1;
  return /^\s*Expected/.test(lines[next] ?? '') ? `${said}\n${linesUntil(lines, next)}` : said;
}

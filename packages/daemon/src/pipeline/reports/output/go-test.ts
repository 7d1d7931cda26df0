import type { FailedTest } from '@redcontrol/contract';
import { failedTestOf, maxFailedTests } from '../failed-test.ts';
import { linesUntil } from './lines.ts';

/** `go test`: the failed tests and subtests; a parent is left out where a subtest of it is named. */
export function parseGoTest(lines: readonly string[]): FailedTest[] {
  const found = lines.flatMap((line, at) => {
    const [, indent, name] = /^(\s*)--- FAIL: (\S+) \(\d+\.\d+s\)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ at, name, indent: indent! }];
  });
  const leaves = found.slice(0, 2 * maxFailedTests).filter(({ name }) => !found.some((other) => other.name.startsWith(`${name}/`)));
  return leaves.map(({ at, name, indent }) => failedTestOf(packageAfter(lines, at), name, messageOf(lines, { at, name, indent })));
}

function packageAfter(lines: readonly string[], at: number): string {
  const line = lines.slice(at).find((text) => /^FAIL\t\S+\t/.test(text));
  return line?.split('\t')[1] ?? '';
}

/** Without -v what a test said follows its verdict, with -v it stands before it, after "=== RUN". */
function messageOf(lines: readonly string[], { at, name, indent }: { at: number; name: string; indent: string }): string {
  const notSaid = /^\s*--- |^\S/;
  const after = lines[at + 1]?.startsWith(`${indent}    `) ? linesUntil(lines, at + 1, notSaid) : '';
  if (after !== '') return after;
  const run = lines.findLastIndex((line, index) => index < at && /^=== (RUN|CONT|NAME) /.test(line) && line.endsWith(` ${name}`));
  return run < 0 ? '' : linesUntil(lines, run + 1, notSaid);
}

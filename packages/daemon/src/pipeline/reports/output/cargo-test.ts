import type { FailedTest } from '@redcontrol/contract';
import { failedTestOf } from '../failed-test.ts';
import { findLine, linesUntil } from './lines.ts';

/** `cargo test`: "test path::name ... FAILED", with what the test printed under "---- path::name stdout ----". */
export function parseCargoTest(lines: readonly string[]): FailedTest[] {
  return lines.flatMap((line) => {
    const path = /^test (\S+)(?: - should panic)? \.\.\. FAILED$/.exec(line)?.[1];
    if (path === undefined) return [];
    const parts = path.split('::');
    return [failedTestOf(parts.slice(0, -1).join('::'), parts.at(-1)!, messageOf(lines, path))];
  });
}

function messageOf(lines: readonly string[], path: string): string {
  const output = lines.indexOf(`---- ${path} stdout ----`);
  if (output < 0) return '';
  const panic = findLine(lines, output + 1, /^thread '.*' (\(\d+\) )?panicked at /, 200);
  return panic < 0 ? '' : linesUntil(lines, panic + 1, /^\s*$|^note: |^stack backtrace:|^---- /);
}

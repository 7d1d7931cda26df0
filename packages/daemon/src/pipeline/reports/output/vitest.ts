import type { FailedTest } from '@redcontrol/contract';
import { failedTestOf } from '../failed-test.ts';
import { linesUntil } from './lines.ts';

/** Vitest: " FAIL  file > suite > name", and " FAIL  file [ file ]" where a file cannot be loaded. */
export function parseVitest(lines: readonly string[]): FailedTest[] {
  return lines.flatMap((line, at) => {
    const message = () => linesUntil(lines, at + 1, /^\s*$|^\s*\u276f /);
    const unloaded = /^ FAIL {2}(?:\|[^|]+\| )?(\S+) \[ \S+ \]$/.exec(line)?.[1];
    if (unloaded !== undefined) return [failedTestOf(unloaded, 'the file cannot be loaded', message())];
    const path = /^ FAIL {2}(?:\|[^|]+\| )?(\S+\.[cm]?[jt]sx? > .+)$/.exec(line)?.[1]?.split(' > ');
    if (!path) return [];
    return [failedTestOf(path.slice(0, -1).join(' > '), path.at(-1)!, message())];
  });
}

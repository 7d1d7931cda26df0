import type { FailedTest } from '@redcontrol/contract';
import { failedTestOf } from '../failed-test.ts';

/** pytest's "short test summary info". */
export function parsePytest(lines: readonly string[]): FailedTest[] {
  const begin = lines.findLastIndex((line) => /^=+ short test summary info =+$/.test(line));
  if (begin < 0) return [];
  return lines.slice(begin + 1).flatMap((line) => {
    const [, place, message = ''] = /^(?:FAILED|ERROR) (\S+\.py(?:::.+?)?)(?: - (.*))?$/.exec(line) ?? [];
    if (place === undefined) return [];
    const [file = '', ...path] = place.split('::');
    const name = path.pop();
    return [failedTestOf(name === undefined ? file : [file, ...path].join('::'), name ?? 'collection', message)];
  });
}

import type { FailedTest } from '@redcontrol/contract';
import { distinctTests } from './failed-test.ts';
import { findReports } from './find-reports.ts';
import { parseJUnitFile } from './parse-junit-file.ts';
import { parseTestOutput } from './parse-test-output.ts';

export interface FailedTestSources {
  /** Working tree with the reports; undefined where a run had none. */
  tree: string | undefined;
  /** When the first step began, after the checkout: ms since 1970 UTC. */
  sinceMs: number;
  /** Ends of the failed steps' outputs, looked at where no report names a failed test. */
  outputs: readonly string[];
  /** Hides secrets in a text: failed tests are shown and sent, and their messages hold what the tests printed. */
  mask: (text: string) => string;
}

/** Failed tests of a run, each once, at most 200. One report is read at a time; one that cannot be read is passed over. */
export async function readFailedTests({ tree, sinceMs, outputs, mask }: FailedTestSources): Promise<FailedTest[]> {
  const reports = tree === undefined ? [] : await findReports(tree, { sinceMs }).catch(() => []);
  const reported: FailedTest[] = [];
  for (const path of reports) reported.push(...(await parseJUnitFile(path, mask).catch(() => [])));
  if (reported.length > 0) return distinctTests(reported);
  return distinctTests(outputs.flatMap((output) => parseTestOutput(mask(output))));
}

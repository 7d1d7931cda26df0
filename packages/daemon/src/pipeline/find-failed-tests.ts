import type { FailedTest } from '@redcontrol/contract';
import { findReports, parseJUnitFile, parseTestOutput } from './reports/index.ts';
import type { StepResult } from './run-step.ts';

const maxFailedTests = 200;

/** Failed tests by name: from JUnit reports written since the run began, else from what the failed steps printed. */
export async function findFailedTests(treeDirectory: string, sinceMs: number, results: readonly (StepResult | undefined)[]): Promise<FailedTest[]> {
  const reports = await findReports(treeDirectory, { sinceMs }).catch(() => []);
  const reported = (await Promise.all(reports.map((path) => parseJUnitFile(path).catch(() => [])))).flat();
  if (reported.length > 0) return reported.slice(0, maxFailedTests);
  return results.flatMap((result) => (result?.outcome === 'failed' ? parseTestOutput(result.tail) : [])).slice(0, maxFailedTests);
}

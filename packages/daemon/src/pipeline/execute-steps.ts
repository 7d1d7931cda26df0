import type { PlannedStep } from './plan-steps.ts';

export type StepOutcome = 'passed' | 'failed' | 'allowed-failure' | 'cancelled' | 'skipped';

/**
 * Runs steps as soon as those they need have passed; the first failure stops what is running and skips the rest.
 * `execute` may not throw. Answers the outcome of each step by index.
 */
export async function executeSteps(
  steps: readonly PlannedStep[],
  execute: (step: PlannedStep, signal: AbortSignal) => Promise<StepOutcome>,
  signal: AbortSignal,
): Promise<StepOutcome[]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const outcomes: Promise<StepOutcome>[] = [];
  for (const step of steps) {
    outcomes.push(
      (async () => {
        const needed = await Promise.all(step.needs.map((index) => outcomes[index]));
        if (either.aborted || needed.some((outcome) => outcome !== 'passed' && outcome !== 'allowed-failure')) return 'skipped';
        const outcome = await execute(step, either);
        if (outcome === 'failed') stop.abort();
        return outcome;
      })(),
    );
  }
  return Promise.all(outcomes);
}

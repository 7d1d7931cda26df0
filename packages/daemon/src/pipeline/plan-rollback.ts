import type { StoredRun } from '../store/index.ts';
import type { PlannedStep } from './plan-steps.ts';

const rollbackTimeoutMs = 15 * 60_000;

/** The steps of a rollback: nothing is built or tested again, the kept release comes back. */
export function planRollbackSteps(run: Pick<StoredRun, 'environments'>): PlannedStep[] {
  return run.environments.map((environment, index) => ({
    index, name: `roll back ${environment}`, kind: 'release', command: `bring the kept release back to ${environment}`, image: undefined,
    variables: {}, secrets: [], timeoutMs: rollbackTimeoutMs, needs: [], allowFailure: false, isolation: undefined, environment,
  }));
}

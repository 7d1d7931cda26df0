import { matchesPattern, type Isolation, type ProjectConfig } from '@redcontrol/contract';
import type { PlannedStep } from './plan-steps.ts';

export interface RunIsolation {
  /** Where the run's steps and its image are made, unless a step says otherwise. */
  run: Isolation;
  /** Whether a step may say otherwise: what strangers push may not. */
  forced: boolean;
}

/** Where a run's code may run, pure: as the project says, and for branches of strangers as is said for them. */
export function runIsolation(config: Pick<ProjectConfig, 'isolation' | 'strangers'>, run: { ref: string; refKind: string }): RunIsolation {
  const { strangers } = config;
  const isStranger = run.refKind === 'branch' && strangers?.branches.some((pattern) => matchesPattern(pattern, run.ref)) === true;
  return isStranger ? { run: strangers!.isolation, forced: true } : { run: config.isolation, forced: false };
}

/** Where one step runs, pure. */
export function stepIsolation(isolation: RunIsolation, step: Pick<PlannedStep, 'isolation'>): Isolation {
  return isolation.forced ? isolation.run : (step.isolation ?? isolation.run);
}

/** Every kind of place that the steps need, the run's own first; none where nothing runs in one. Pure. */
export function neededPlaces(isolation: RunIsolation, steps: readonly PlannedStep[]): Isolation[] {
  const kinds = steps.flatMap((step) => {
    if (step.kind === 'shell') return [stepIsolation(isolation, step)];
    // A build runs the repository's commands too.
    if (step.kind === 'image' && isolation.run === 'vm') return ['vm' as const];
    return [];
  });
  const found = [...new Set(kinds)];
  const hasDependencies = steps.some((step) => step.kind === 'dependencies');
  if (found.length === 0) return hasDependencies ? [isolation.run] : [];
  return found.toSorted((a, b) => Number(b === isolation.run) - Number(a === isolation.run));
}

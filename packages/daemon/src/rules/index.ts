export { matchesPattern } from './matches-pattern.ts';
export { planRuns, maxRunsPerLook, type PlannedRun, type RulesInput, type RunPlan } from './plan-runs.ts';
export { branchCommitsToKnow } from './branch-commits.ts';
export { explainRef, type ReasonCode, type RefExplanation } from './explain-ref.ts';
export { compareTags } from './tag-order.ts';

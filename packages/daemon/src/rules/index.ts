export { matchesPattern } from './matches-pattern.ts';
export { planRuns, maxRunsPerLook, type PlannedRun, type RulesInput } from './plan-runs.ts';
export { branchCommitsToKnow } from './branch-commits.ts';
export { explainRef } from './explain-ref.ts';
export { compareTags } from './tag-order.ts';

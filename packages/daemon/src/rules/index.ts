export { planRuns, maxRunsPerLook, type PlannedRun, type RulesInput } from './plan-runs.ts';
export { branchCommitsToKnow } from './branch-commits.ts';
export { compareTags } from './tag-order.ts';
export { concernedApps, type Changes } from './concerned-apps.ts';

import { deployRules, tracksBranch, type ProjectConfig, type RunTrigger } from '@redcontrol/contract';
import type { IsReachable, RefChange, RemoteRefs } from '../source/index.ts';
import { planFirstLook } from './plan-first-look.ts';
import { planTags } from './plan-tags.ts';

export interface PlannedRun {
  /** Short name of the branch or tag. */
  ref: string;
  refKind: 'branch' | 'tag';
  commit: string;
  trigger: Extract<RunTrigger, 'push' | 'tag' | 'first'>;
  /** Environments that the run deploys to when its steps pass, in the configuration's order; [] for checks only. */
  environments: string[];
  /** One sentence: why there is this run. */
  reason: string;
}

export interface RunPlan {
  runs: PlannedRun[];
  /** Branches and tags that are gone: what is queued of them is cancelled. */
  cancelRefs: { kind: 'branch' | 'tag'; name: string }[];
  /** What was seen and starts nothing, and why: one sentence each. */
  notes: { kind: 'branch' | 'tag'; ref: string; text: string }[];
}

export interface RulesInput {
  config: ProjectConfig;
  changes: readonly RefChange[];
  /** All branches and tags as they are now. */
  refs: RemoteRefs;
  isReachable: IsReachable;
  /** Nothing was known of the repository before, or it was empty: its whole content is not a push. */
  firstLook: boolean;
}

/** Runs of one look beyond this number are left out and noted; those that deploy come first. */
export const maxRunsPerLook = 50;

/** Decides what a look at the repository starts. Pure: the same input gives the same plan. */
export function planRuns(input: RulesInput): RunPlan {
  const plan = input.firstLook ? planFirstLook(input) : planChanges(input);
  if (plan.runs.length <= maxRunsPerLook) return plan;
  const byWeight = [...plan.runs].sort((a, b) => Number(b.environments.length > 0) - Number(a.environments.length > 0));
  const leftOut = new Set(byWeight.slice(maxRunsPerLook));
  return {
    ...plan,
    runs: plan.runs.filter((run) => !leftOut.has(run)),
    notes: [...plan.notes, ...[...leftOut].map(({ refKind, ref }) => ({ kind: refKind, ref, text: `More than ${maxRunsPerLook} runs at one look: ${ref} was left out. Push it again, or deploy it by hand.` }))],
  };
}

function planChanges(input: RulesInput): RunPlan {
  const plan: RunPlan = { runs: [], cancelRefs: [], notes: [] };
  for (const change of input.changes) {
    if (change.after === undefined) plan.cancelRefs.push({ kind: change.kind, name: change.name });
    else if (change.kind === 'branch') planBranch(input.config, { ...change, after: change.after }, plan);
  }
  planTags(input, plan);
  return plan;
}

function planBranch(config: ProjectConfig, change: RefChange & { after: string }, plan: RunPlan): void {
  const { name: ref, after: commit } = change;
  const environments = deployRules(config).filter((rule) => rule.tag === undefined && rule.matchesBranch(ref)).map(({ environment }) => environment);
  if (environments.length === 0 && !tracksBranch(config, ref)) {
    plan.notes.push({ kind: 'branch', ref, text: `${ref} deploys nowhere, and source.branches does not name it.` });
    return;
  }
  const what = change.before === undefined ? 'is new' : change.forced ? 'was replaced by a forced push' : 'was pushed';
  const where = environments.length === 0 ? 'and deploys nowhere: checks only' : `and deploys to ${environments.join(', ')}`;
  plan.runs.push({ ref, refKind: 'branch', commit, trigger: 'push', environments, reason: `${ref} ${what} ${where}.` });
}

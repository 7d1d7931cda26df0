import { commitOf, type RefChange } from '../source/index.ts';
import { deployRules, type DeployRuleOf } from '@redcontrol/contract';
import type { RulesInput, RunPlan } from './plan-runs.ts';
import { sortTags } from './tag-order.ts';

interface Candidate {
  tag: string;
  commit: string;
  branch: string;
  reason: string;
}

/**
 * Adds the runs of tags. A tag deploys where its commit stands in the history of a matching branch: at the look that
 * sees the tag, or later, when the branch gets there. Of several for one environment the highest deploys.
 * A moved tag is a new release of what it now points to.
 */
export function planTags(input: RulesInput, plan: RunPlan): void {
  const rules = deployRules(input.config).filter(({ tag }) => tag !== undefined);
  const chosen = new Map<string, { candidate: Candidate; environments: string[] }>();
  for (const rule of rules) {
    const candidates = [...pushedTags(input, rule), ...arrivedTags(input, rule)];
    const [first, ...others] = sortTags(new Set(candidates.map(({ tag }) => tag)));
    const candidate = candidates.find(({ tag }) => tag === first);
    for (const tag of others) plan.notes.push({ kind: 'tag', ref: tag, text: `${tag} came together with ${first}, which is higher and goes to ${rule.environment}.` });
    if (!candidate) continue;
    const already = chosen.get(candidate.tag);
    if (already) already.environments.push(rule.environment);
    else chosen.set(candidate.tag, { candidate, environments: [rule.environment] });
  }
  for (const { candidate, environments } of chosen.values()) {
    const { tag, commit, branch, reason } = candidate;
    plan.runs.push({ ref: tag, refKind: 'tag', commit, trigger: 'tag', environments, reason: `${tag} ${reason}, is on ${branch}, and deploys to ${environments.join(', ')}.` });
  }
  plan.notes.push(...notDeployed(input, rules));
}

/** The first matching branch whose history has the commit: one named as in the rule before others. */
export function branchWith(input: RulesInput, rule: DeployRuleOf, commit: string): string | undefined {
  const exact = commitOf(input.refs.branches, rule.branch);
  if (exact !== undefined && input.isReachable(commit, exact)) return rule.branch;
  return Object.entries(input.refs.branches).find(([name, head]) => rule.matchesBranch(name) && input.isReachable(commit, head))?.[0];
}

function* pushedTags(input: RulesInput, rule: DeployRuleOf): Generator<Candidate> {
  for (const change of tagChanges(input)) {
    if (!rule.matchesTag(change.name)) continue;
    const branch = branchWith(input, rule, change.after);
    const reason = change.before === undefined ? 'was pushed' : `was moved from ${change.before.slice(0, 8)} to ${change.after.slice(0, 8)}`;
    if (branch !== undefined) yield { tag: change.name, commit: change.after, branch, reason };
  }
}

/** Tags that were there before and that a push of the branch has now brought onto it: merged, or pushed after its tag. */
function* arrivedTags(input: RulesInput, rule: DeployRuleOf): Generator<Candidate> {
  // A forced push rewrites what is on the branch: nothing new has arrived by it.
  const moved = input.changes.filter(({ kind, name, before, after, forced }) => kind === 'branch' && before !== undefined && after !== undefined && !forced && rule.matchesBranch(name));
  if (moved.length === 0) return;
  const changed = new Set([...tagChanges(input)].map(({ name }) => name));
  const movedBefore = new Map(moved.map(({ name, before }) => [name, before]));
  const earlier = Object.entries(input.refs.branches).flatMap(([name, head]) => (rule.matchesBranch(name) ? [movedBefore.get(name) ?? head] : []));
  for (const [tag, commit] of Object.entries(input.refs.tags)) {
    if (changed.has(tag) || !rule.matchesTag(tag)) continue;
    const change = moved.find(({ after }) => after !== undefined && input.isReachable(commit, after));
    if (change && !earlier.some((head) => input.isReachable(commit, head))) yield { tag, commit, branch: change.name, reason: `was reached by a push of ${change.name}` };
  }
}

function* tagChanges(input: RulesInput): Generator<RefChange & { after: string }> {
  for (const change of input.changes) {
    if (change.kind === 'tag' && change.after !== undefined) yield { ...change, after: change.after };
  }
}

function notDeployed(input: RulesInput, rules: DeployRuleOf[]): RunPlan['notes'] {
  return [...tagChanges(input)].flatMap(({ name, after }) => {
    const matching = rules.filter((rule) => rule.matchesTag(name));
    if (matching.length === 0) return [{ kind: 'tag' as const, ref: name, text: `${name} fits no environment's tag pattern.` }];
    return matching
      .filter((rule) => branchWith(input, rule, after) === undefined)
      .map((rule) => ({ kind: 'tag' as const, ref: name, text: `${name} is not on a branch that matches ${rule.branch}, so it does not go to ${rule.environment}; it will when the branch gets there.` }));
  });
}

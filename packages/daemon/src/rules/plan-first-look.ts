import { commitOf } from '../source/index.ts';
import { deployRules, type DeployRuleOf } from '@redcontrol/contract';
import type { PlannedRun, RulesInput, RunPlan } from './plan-runs.ts';
import { branchWith } from './plan-tags.ts';
import { sortTags } from './tag-order.ts';

/**
 * The first look at a repository: each environment gets what its rule would have given it, once; the rest of a
 * repository's branches and tags is only noted, as nobody has just pushed it.
 */
export function planFirstLook(input: RulesInput): RunPlan {
  const runs = new Map<string, PlannedRun>();
  const notes: RunPlan['notes'] = [];
  for (const rule of deployRules(input.config)) {
    const pick = rule.tag === undefined ? pickBranch(input, rule) : pickTag(input, rule);
    if (!pick) {
      notes.push({ kind: rule.tag === undefined ? 'branch' : 'tag', ref: rule.tag ?? rule.branch, text: nothingYet(rule) });
      continue;
    }
    const key = `${pick.refKind} ${pick.ref}`;
    const run = runs.get(key) ?? { ...pick, trigger: 'first' as const, environments: [], reason: '' };
    run.environments.push(rule.environment);
    run.reason = `${run.ref} is the first version for ${run.environments.join(', ')}.`;
    runs.set(key, run);
  }
  const planned = [...runs.values()];
  const rest = Object.keys(input.refs.branches).length - planned.filter(({ refKind }) => refKind === 'branch').length;
  if (rest > 0) notes.push({ kind: 'branch', ref: '', text: `${rest} other ${rest === 1 ? 'branch is' : 'branches are'} followed from now on.` });
  return { runs: planned, cancelRefs: [], notes };
}

type Picked = Pick<PlannedRun, 'ref' | 'refKind' | 'commit'>;

/** The branch of that very name; else the default branch if it matches; else the highest by its numbers (release/1.10). */
function pickBranch({ refs }: RulesInput, rule: DeployRuleOf): Picked | undefined {
  const matching = Object.keys(refs.branches).filter((name) => rule.matchesBranch(name));
  const preferred = [rule.branch, refs.head, 'main', 'master'].find((name) => name !== undefined && matching.includes(name));
  const ref = preferred ?? sortTags(matching)[0];
  const commit = ref === undefined ? undefined : commitOf(refs.branches, ref);
  return ref === undefined || commit === undefined ? undefined : { ref, refKind: 'branch', commit };
}

function pickTag(input: RulesInput, rule: DeployRuleOf): Picked | undefined {
  const matching = sortTags(Object.keys(input.refs.tags).filter((name) => rule.matchesTag(name)));
  for (const ref of matching) {
    const commit = commitOf(input.refs.tags, ref);
    if (commit !== undefined && branchWith(input, rule, commit) !== undefined) return { ref, refKind: 'tag', commit };
  }
  return undefined;
}

function nothingYet({ environment, branch, tag }: DeployRuleOf): string {
  return tag === undefined
    ? `${environment} waits for a branch that matches ${branch}.`
    : `${environment} waits for a tag that matches ${tag} on a branch that matches ${branch}.`;
}

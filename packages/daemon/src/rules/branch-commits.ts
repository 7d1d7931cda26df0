import { deployRules } from '@redcontrol/contract';
import type { RulesInput } from './plan-runs.ts';

/** The branch commits that planRuns will ask isReachable about: to be found out beforehand. Empty where no tag matters. */
export function branchCommitsToKnow({ config, changes, refs, firstLook }: Omit<RulesInput, 'isReachable'>): string[] {
  const rules = deployRules(config).filter(({ tag }) => tag !== undefined);
  if (rules.length === 0) return [];
  const tagNames = firstLook ? Object.keys(refs.tags) : changes.filter(({ kind, after }) => kind === 'tag' && after !== undefined).map(({ name }) => name);
  const commits = new Set<string>();
  for (const rule of rules) {
    const moved = changes.filter(({ kind, name }) => kind === 'branch' && rule.matchesBranch(name));
    if (moved.length === 0 && !tagNames.some((name) => rule.matchesTag(name))) continue;
    for (const [name, head] of Object.entries(refs.branches)) if (rule.matchesBranch(name)) commits.add(head);
    for (const { before } of moved) if (before !== undefined) commits.add(before);
  }
  return [...commits];
}

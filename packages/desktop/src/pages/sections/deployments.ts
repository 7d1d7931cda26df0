import type { RepositoryInspection } from '@redcontrol/contract';

export interface DeployRuleText {
  environment: string;
  branch: string;
  tag: string | undefined;
}

export interface Deployment {
  /** The tag, or the branch itself where every push deploys. */
  ref: string;
  branch: string;
  environment: string;
}

/** What the rules mean for a repository as it is; `idle` are environments to which nothing of it would go. */
export function deployments(rules: readonly DeployRuleText[], repository: Pick<RepositoryInspection, 'branches' | 'tags'>): { examples: Deployment[]; idle: string[] } {
  const perRule = rules.map((rule) => examplesOf(rule, repository));
  // The newest of each environment first, so that each is told of.
  const longest = Math.max(0, ...perRule.map((list) => list.length));
  const examples = Array.from({ length: longest }, (_, index) => perRule.flatMap((list) => list[index] ?? [])).flat();
  return { examples, idle: rules.filter((_, index) => perRule[index]?.length === 0).map(({ environment }) => environment) };
}

function examplesOf({ environment, branch, tag }: DeployRuleText, { branches, tags }: Pick<RepositoryInspection, 'branches' | 'tags'>): Deployment[] {
  if (tag === undefined) {
    return branches.filter(({ name }) => matches(branch, name)).map(({ name }) => ({ ref: name, branch: name, environment }));
  }
  return tags.filter(({ name }) => matches(tag, name)).flatMap((one) => {
    const on = one.branches.find((name) => matches(branch, name));
    return on === undefined ? [] : [{ ref: one.name, branch: on, environment }];
  });
}

/** `*` within one part of a name, `**` over parts. */
export function matches(pattern: string, name: string): boolean {
  const source = pattern.split(/(\*\*|\*)/).map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))).join('');
  return new RegExp(`^${source}$`, 's').test(name);
}

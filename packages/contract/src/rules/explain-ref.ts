import { deployRules, tracksBranch, type DeployRuleOf, type DeploySettings } from './deploy-rules.ts';

export interface RefExplanation {
  /** Environments that this push would go to. */
  environments: string[];
  /** Whether the pipeline's checks would run, also where nothing is deployed. */
  checks: boolean;
  /** Every environment with the reason, for people; `data` of a live line such as "v1.4.0 on main would go to production". */
  reasons: { environment: string; deploys: boolean; code: ReasonCode; branch: string; tag: string | undefined; text: string }[];
}

/** For translations: the text says the same in English. */
export type ReasonCode = 'branch-deploys' | 'tag-deploys' | 'other-branch' | 'other-tag' | 'needs-tag' | 'not-by-tag';

/** What a push of a branch, or of a tag whose commit is on `branch`, would do. */
export function explainRef(config: DeploySettings, ref: { branch: string; tag?: string | undefined }): RefExplanation {
  const reasons = deployRules(config).map((rule) => {
    const code = reasonOf(rule, ref);
    const deploys = code === 'branch-deploys' || code === 'tag-deploys';
    return { environment: rule.environment, deploys, code, branch: rule.branch, tag: rule.tag, text: textOf(rule, ref, code) };
  });
  const environments = reasons.filter(({ deploys }) => deploys).map(({ environment }) => environment);
  return { environments, checks: environments.length > 0 || (ref.tag === undefined && tracksBranch(config, ref.branch)), reasons };
}

function reasonOf(rule: DeployRuleOf, { branch, tag }: { branch: string; tag?: string | undefined }): ReasonCode {
  if (!rule.matchesBranch(branch)) return 'other-branch';
  if (tag === undefined) return rule.tag === undefined ? 'branch-deploys' : 'needs-tag';
  if (rule.tag === undefined) return 'not-by-tag';
  return rule.matchesTag(tag) ? 'tag-deploys' : 'other-tag';
}

function textOf({ environment, ...rule }: DeployRuleOf, { branch, tag }: { branch: string; tag?: string | undefined }, code: ReasonCode): string {
  switch (code) {
    case 'branch-deploys': return `A push to ${branch} would go to ${environment}.`;
    case 'tag-deploys': return `${tag} on ${branch} would go to ${environment}.`;
    case 'other-branch': return `${branch} does not match ${rule.branch}, so it does not go to ${environment}.`;
    case 'other-tag': return `${tag} does not match ${rule.tag}, so it does not go to ${environment}.`;
    case 'needs-tag': return `A push to ${branch} does not go to ${environment}: a tag that matches ${rule.tag} does.`;
    case 'not-by-tag': return `${environment} is deployed by each push to ${rule.branch}, not by tags.`;
  }
}

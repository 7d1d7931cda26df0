import { matchesPattern } from './matches-pattern.ts';

/** What of a configuration decides where a push goes; a configuration that is still being written has as much. */
export interface DeploySettings {
  environments: Record<string, { deploy: { branch: string; tag?: string | undefined } }>;
  source: { branches: readonly string[] };
}

/** When an environment is deployed, ready to be asked. */
export interface DeployRuleOf {
  environment: string;
  branch: string;
  /** Undefined: every push of a matching branch deploys. */
  tag: string | undefined;
  matchesBranch(name: string): boolean;
  matchesTag(name: string): boolean;
}

/** The environments' rules in the configuration's order. */
export function deployRules(config: DeploySettings): DeployRuleOf[] {
  return Object.entries(config.environments).map(([environment, { deploy }]) => ({
    environment,
    branch: deploy.branch,
    tag: deploy.tag,
    matchesBranch: (name) => matchesPattern(deploy.branch, name),
    matchesTag: (name) => deploy.tag !== undefined && matchesPattern(deploy.tag, name),
  }));
}

/** Whether pushes of a branch run the pipeline though it deploys nowhere. */
export function tracksBranch(config: DeploySettings, branch: string): boolean {
  return config.source.branches.some((pattern) => matchesPattern(pattern, branch));
}

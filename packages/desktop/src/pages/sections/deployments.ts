import { explainRef, type DeploySettings, type RepositoryInspection } from '@redcontrol/contract';

export interface Deployment {
  /** The tag, or the branch itself where every push deploys. */
  ref: string;
  branch: string;
  environment: string;
}

/** What the rules mean for a repository as it is; `idle` are environments to which nothing of it would go. */
export function deployments(environments: DeploySettings['environments'], { branches, tags }: Pick<RepositoryInspection, 'branches' | 'tags'>): { examples: Deployment[]; idle: string[] } {
  const settings: DeploySettings = { environments, source: { branches: [] } };
  const pushes = [
    ...branches.map(({ name }) => ({ branch: name, tag: undefined })),
    ...tags.flatMap(({ name, branches: on }) => on.map((branch) => ({ branch, tag: name }))),
  ];
  const found = pushes.flatMap(({ branch, tag }) => explainRef(settings, { branch, tag }).environments.map((environment): Deployment => ({ ref: tag ?? branch, branch, environment })));
  const perEnvironment = Object.keys(environments).map((name) => oncePerRef(found.filter(({ environment }) => environment === name)));
  // The newest of each environment first, so that each is told of.
  const longest = Math.max(0, ...perEnvironment.map((list) => list.length));
  const examples = Array.from({ length: longest }, (_, index) => perEnvironment.flatMap((list) => list[index] ?? [])).flat();
  return { examples, idle: Object.keys(environments).filter((_, index) => perEnvironment[index]?.length === 0) };
}

/** A tag that is on several branches deploys once. */
function oncePerRef(list: Deployment[]): Deployment[] {
  return [...new Map(list.toReversed().map((one) => [one.ref, one])).values()].toReversed();
}

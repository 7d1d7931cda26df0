import { appDomains, appVariables, RedControlError, type ProjectConfig, type ReleaseApp } from '@redcontrol/contract';
import type { RunContext } from '../pipeline/run-context.ts';
import { isOfApps, planSnapshot, startedSnapshot, type AppPart, type KeptSnapshot, type ReleaseSnapshot } from './release-snapshot.ts';

/** What a release is made of, before it is stored. */
export interface ReleasePlan {
  /** Of several apps that of the first. */
  imageId: string;
  apps: ReleaseApp[] | null;
  snapshot: KeptSnapshot;
}

/** A release with what is kept of it, and its number. */
export interface KnownRelease {
  id: number;
  number: number;
  commit: string;
  imageId: string;
  apps?: readonly ReleaseApp[] | null | undefined;
  snapshot: KeptSnapshot;
}

export interface ReleaseInput {
  contexts: readonly Pick<RunContext, 'app' | 'config' | 'recipe' | 'imageId'>[];
  project: ProjectConfig;
  commit: string;
  environment: string;
  live: KnownRelease | undefined;
  /** Variables of the environment's services and secrets. */
  variables: Record<string, string>;
}

/**
 * The release of a run, pure: the images that it built and, of several apps, those that it does not concern as they are live.
 * Throws CONFLICT when such a one is not what the run was planned on.
 */
export function planRelease(input: ReleaseInput): ReleasePlan {
  const { contexts, project, environment, variables, live } = input;
  const imageOf = ({ imageId }: ReleaseInput['contexts'][number]) => {
    if (imageId !== undefined) return imageId;
    throw new RedControlError('INTERNAL', 'Expected the image step to have made an image, it did not');
  };
  const [only] = contexts;
  if (!project.apps) {
    if (!only) throw new RedControlError('INTERNAL', 'Expected the app of the run, there is none');
    return { imageId: imageOf(only), apps: null, snapshot: planSnapshot({ config: only.config, environment, recipe: only.recipe, variables }) };
  }
  const parts = new Map<string, AppPart>();
  for (const app of Object.keys(project.apps)) {
    const context = contexts.find((one) => one.app === app);
    const own = context && { ...planSnapshot({ config: context.config, environment, recipe: context.recipe, variables, hasWeb: hasWeb(project, app) }), route: routeOf(project, environment, app), imageId: imageOf(context) };
    parts.set(app, own ?? carriedPart(app, live));
  }
  return planOf(withNeighbours(parts), input.commit);
}

/** The release of a rollback, pure: the kept one, its apps that are live just so left as they are. Apps that it did not have stay, those that are no longer configured do not come back. */
export function planRollback(target: KnownRelease, live: KnownRelease | undefined, project: ProjectConfig): ReleasePlan {
  if (!isOfApps(target.snapshot)) return { imageId: target.imageId, apps: null, snapshot: startedSnapshot(target.snapshot) };
  const parts = new Map<string, AppPart>();
  const before = live && isOfApps(live.snapshot) ? live.snapshot.apps : {};
  for (const [app, { origin, ...part }] of Object.entries(target.snapshot.apps)) {
    if (project.apps && !project.apps[app]) continue;
    const wanted = startedPart(part);
    parts.set(app, isSame(wanted, before[app]) ? carriedPart(app, live) : { ...wanted, built: origin?.commit ?? part.built ?? target.commit });
  }
  for (const app of Object.keys(before)) if (!parts.has(app) && project.apps?.[app]) parts.set(app, carriedPart(app, live));
  return planOf(parts, target.commit);
}

/** The commit that an app was built from, also when a rollback started it anew. */
function planOf(parts: ReadonlyMap<string, AppPart>, commit: string): ReleasePlan {
  const apps = [...parts].map(([name, part]): ReleaseApp => ({ name, imageId: part.imageId, commit: part.origin?.commit ?? part.built ?? commit, release: part.origin?.number ?? 0 }));
  const [first] = apps;
  if (!first) throw new RedControlError('CONFLICT', 'Expected a release with at least one of the apps that are configured now, it has none of them', { hint: 'Deploy instead of going back.' });
  return { imageId: first.imageId, apps, snapshot: { apps: Object.fromEntries(parts) } };
}

/** An app as it is live: its containers run on. */
function carriedPart(app: string, live: KnownRelease | undefined): AppPart {
  const part = live && isOfApps(live.snapshot) ? live.snapshot.apps[app] : undefined;
  if (!live || !part) throw new RedControlError('CONFLICT', `Expected ${app} to be live, as it was when the run was planned, it is not`, { hint: 'Retry the run: redcontrol run retry.' });
  const commit = live.apps?.find(({ name }) => name === app)?.commit ?? live.commit;
  return { ...part, origin: part.origin ?? { id: live.id, number: live.number, commit } };
}

function startedPart<T extends ReleaseSnapshot>(part: T): T {
  return { ...part, ...startedSnapshot(part) };
}

function isSame(wanted: AppPart, live: AppPart | undefined): boolean {
  if (!live) return false;
  const plain = ({ origin: _origin, built: _built, ...part }: AppPart) => JSON.stringify(part, (_key, value: unknown) => (value instanceof Object && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value));
  return plain(wanted) === plain(live);
}

/** Each app is told where the others are; what the configuration names itself counts more. */
function withNeighbours(parts: ReadonlyMap<string, AppPart>): Map<string, AppPart> {
  const served = [...parts].filter(([, { processes }]) => processes.some(({ name }) => name === 'web'));
  const all = Object.assign({}, ...served.map(([app, { port }]) => appVariables(app, port))) as Record<string, string>;
  return new Map([...parts].map(([app, part]) => [app, part.origin ? part : { ...part, variables: { ...all, ...part.variables } }]));
}

/** An app whose processes are named and none of them web works on its own. */
function hasWeb({ apps }: ProjectConfig, app: string): boolean {
  const processes = apps?.[app]?.processes;
  return processes === undefined || processes.web !== undefined;
}

function routeOf(project: ProjectConfig, environment: string, app: string): NonNullable<ReleaseSnapshot['route']> {
  const { path, domain } = project.apps?.[app] ?? {};
  return { ...(path === undefined ? {} : { path }), ...(domain === undefined ? {} : { domains: appDomains(domain, project.environments[environment]?.domain) }) };
}

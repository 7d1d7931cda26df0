import type { AppState, DatabaseState, EnvironmentState, ProjectState, SourceState } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { engineOf, environmentNetwork } from '../environment/index.ts';
import { inspectContainer } from '../engine/index.ts';
import { listReleaseContainers, openUnits, serverName, siteId, type ReleaseUnit } from '../release/index.ts';
import { environmentUrl, schemeOf } from './environment-url.ts';
import { previewEndsAt } from '../preview/preview-states.ts';
import { channelStates } from '../notify/channel-states.ts';
import { ensureDeployKey, webhookPath } from '../source/index.ts';
import { countQueued, getDatabase, getPreview, listReleases, listRuns, liveRelease, maintenanceOf, pauseOf, publicRelease, type StoredProject } from '../store/index.ts';

/** A project as people see it: what is configured, what is live where, what happened last. `looked`: how its follower stands now. */
export async function projectState(daemon: DaemonContext, project: StoredProject, looked: SourceState | undefined): Promise<ProjectState> {
  const [lastRun] = listRuns(daemon.store, { project: project.name, limit: 1 });
  return {
    name: project.name, repository: project.config.repository, framework: project.framework ?? project.config.framework ?? null, revision: project.revision,
    source: looked ?? project.source ?? { state: 'waiting', error: null, checkedAt: null, nextCheckAt: null, branches: 0, tags: 0 },
    deployKey: await ensureDeployKey(daemon.git, project.name),
    webhookPath: webhookPath(project.name),
    environments: await Promise.all(Object.keys(project.config.environments).map((environment) => environmentState(daemon, project, environment))),
    lastRun: lastRun ?? null, queuedRuns: countQueued(daemon.store, project.name), channels: channelStates(daemon.store, project),
  };
}

export async function environmentState(daemon: DaemonContext, project: StoredProject, environment: string): Promise<EnvironmentState> {
  const owner = { project: project.name, environment };
  const live = liveRelease(daemon.store, project.name, environment);
  const newest = listReleases(daemon.store, { ...owner, limit: 1 })[0];
  const units = live ? await Promise.all(openUnits(daemon, live).map((unit) => unitState(daemon, unit))) : [];
  const web = units.filter((unit) => unit.hasWeb);
  const deploying = newest !== undefined && ['migrating', 'starting', 'switching', 'watching'].includes(newest.state);
  const domain = [project.config.environments[environment]?.domain ?? []].flat()[0];
  const certificate = domain === undefined ? undefined : daemon.certificates.certificateState(domain);
  return {
    project: project.name, name: environment, url: environmentUrl(daemon, project, environment),
    health: deploying ? 'deploying' : !live ? 'never' : web.some(({ health }) => health === 'down') ? 'down' : web.some(({ health }) => health === 'up') ? 'up' : 'stopped',
    live: live ? publicRelease(live) : null,
    database: await databaseState(daemon, owner, 'database'), redis: await databaseState(daemon, owner, 'redis'),
    instances: web.reduce((sum, { instances }) => sum + instances, 0),
    ...(units.some(({ app }) => app !== undefined) ? { apps: units.map((unit) => appState(daemon, project, environment, unit)) } : {}),
    paused: pauseOf(daemon.store, owner) ?? null, maintenance: maintenanceOf(daemon.store, owner) ?? null,
    preview: previewOf(daemon, project, environment),
    certificateDays: certificate?.days ?? null, certificateError: certificate?.error ?? null,
  };
}

interface UnitState extends Pick<ReleaseUnit['release'], 'app' | 'number' | 'commit'>, Pick<ReleaseUnit['snapshot'], 'route'> {
  hasWeb: boolean;
  health: 'up' | 'down' | 'stopped';
  instances: number;
}

function appState(daemon: DaemonContext, project: StoredProject, environment: string, unit: UnitState): AppState {
  const { app = '', route = {}, health, instances, commit, number } = unit;
  const domain = route.domains?.[0];
  const url = domain === undefined ? environmentUrl(daemon, project, environment) : `${schemeOf(daemon, project, environment, domain)}://${domain}`;
  return { name: app, url: unit.hasWeb ? `${url}${route.path ?? ''}` : null, health, instances, commit, release: number };
}

/** How what is live, or one app of it, answers: by what the engine and the proxy say. */
async function unitState(daemon: DaemonContext, { release, snapshot }: ReleaseUnit): Promise<UnitState> {
  const web = snapshot.processes.find(({ name }) => name === 'web');
  const running = (await listReleaseContainers(daemon, release).catch(() => [])).filter((container) => container.running);
  const { app, number, commit } = release;
  const known = { app, number, commit, route: snapshot.route, hasWeb: web !== undefined };
  // An app that answers nobody is up when it works.
  if (!web) return { ...known, health: running.length > 0 ? 'up' : snapshot.processes.every(({ instances }) => instances === 0) ? 'stopped' : 'down', instances: running.length };
  const containers = running.filter(({ process }) => process === 'web');
  const serving = await daemon.proxy.observe(siteId(release)).catch(() => []);
  const isUp = containers.some((container) => serving.some((server) => server.name === serverName(container) && server.state === 'ready'));
  return { ...known, health: isUp ? 'up' : web.instances === 0 ? 'stopped' : 'down', instances: containers.length };
}

function previewOf(daemon: DaemonContext, project: StoredProject, environment: string): EnvironmentState['preview'] {
  const preview = getPreview(daemon.store, project.name, environment);
  return preview ? { base: preview.base, branch: preview.branch, keptBy: preview.keptBy, endsAt: previewEndsAt(project, preview) } : null;
}

async function databaseState(daemon: DaemonContext, owner: { project: string; environment: string }, role: 'database' | 'redis'): Promise<DatabaseState | null> {
  const stored = getDatabase(daemon.store, owner.project, owner.environment, role);
  if (!stored) return null;
  const container = await inspectContainer(engineOf(daemon, owner), `${environmentNetwork(daemon, owner.project, owner.environment)}--${role === 'redis' ? 'redis' : 'db'}`).catch(() => undefined);
  return { engine: stored.engine, version: stored.version, state: !container ? 'missing' : container.running ? 'ready' : 'failed', error: null };
}

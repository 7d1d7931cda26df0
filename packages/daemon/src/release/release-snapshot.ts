import { join, normalize, relative } from 'node:path/posix';
import { parseDurationMs, parseSizeBytes, RedControlError, type AppProcess, type EnvironmentConfig, type Health, type ProjectConfig } from '@redcontrol/contract';
import type { AppRecipe } from '@redcontrol/presets';

/** A process of a release with every default filled in. Durations in ms, sizes in bytes. */
export interface ReleaseProcess {
  name: string;
  /** Shell text; undefined: the image's own command. */
  command: string | undefined;
  instances: number;
  /** It was stopped by hand: so many come back when it is started. Left out: it was not. */
  stoppedInstances?: number;
  memoryBytes: number;
  cpus: number | undefined;
  handover: 'start-first' | 'stop-first';
  stopSignal: string;
  stopMs: number;
  variables: Record<string, string>;
  /** How it proves that it is ready, of others than web; left out: it is ready when it runs. */
  health?: ReleaseHealth & { port: number };
}

/** Times in ms. */
export interface ReleaseHealth {
  path: string;
  statuses: number[] | undefined;
  timeoutMs: number;
  intervalMs: number;
}

/** Everything that a release, or one app of it, runs with: kept sealed beside it, so that a rollback restores all of it. */
export interface ReleaseSnapshot {
  variables: Record<string, string>;
  processes: ReleaseProcess[];
  port: number;
  health: ReleaseHealth;
  migrate: string | undefined;
  /** Variables of the migration alone: those of the step; left out by older releases. */
  migrateVariables?: Record<string, string>;
  volumes: Record<string, string>;
  /** Folders of hashed files, absolute or from the image's working directory, and how long theirs stay after a switch; left out: none. */
  assets?: { folders: string[]; keepMs: number };
  drainMs: number;
  watchMs: number;
  /** Whether the image is built from the repository's own Dockerfile, which may expect to start as root. */
  ownDockerfile: boolean;
  /** Where an app of several answers; left out for an only app: at all the environment's addresses. */
  route?: { path?: string; domains?: string[] };
}

/** An app of a release. */
export interface AppPart extends ReleaseSnapshot {
  imageId: string;
  /** The release that started it, where that is an older one: this one took it over as it was. */
  origin?: { id: number; number: number; commit: string };
  /** Commit that the image was built from, where that is not the release's own. */
  built?: string;
}

/** What is kept of a release of several apps. */
export interface AppsSnapshot {
  apps: Record<string, AppPart>;
}

export type KeptSnapshot = ReleaseSnapshot | AppsSnapshot;

export function isOfApps(snapshot: KeptSnapshot): snapshot is AppsSnapshot {
  return 'apps' in snapshot;
}

/** The release that the configuration and the framework's recipe ask for, pure. `variables` come from the environment's services and secrets; `hasWeb`: left out, it has a web process also where none is named. */
export function planSnapshot(input: { config: ProjectConfig; environment: string; recipe: AppRecipe; variables: Record<string, string>; hasWeb?: boolean }): ReleaseSnapshot {
  const { config, recipe } = input;
  const settings = config.environments[input.environment];
  if (!settings) throw new RedControlError('NOT_FOUND', `Expected an environment of ${config.project}, got ${input.environment}`);
  const web: AppProcess | undefined = config.processes.web;
  const port = web?.port ?? recipe.release.port;
  return {
    variables: { ...recipe.release.variables, ...settings.variables, ...input.variables, PORT: String(port) },
    processes: planProcesses(config, recipe, { settings, webPort: port }).filter(({ name }) => input.hasWeb !== false || name !== 'web'),
    port,
    health: planHealth(web?.health, recipe.release.healthPath),
    ...planMigration(config, recipe),
    volumes: config.volumes,
    ...planAssets(config, recipe),
    drainMs: parseDurationMs(settings.drain),
    watchMs: parseDurationMs(settings.watch),
    ownDockerfile: recipe.framework === 'dockerfile',
  };
}

/** A release migrates when the pipeline has an entry of that name: by its own command, else by the framework's. */
function planMigration(config: ProjectConfig, recipe: AppRecipe): Pick<ReleaseSnapshot, 'migrate' | 'migrateVariables'> {
  const entry = config.pipeline.find((step) => (typeof step === 'string' ? step : step.name) === 'migrate');
  if (entry === undefined) return { migrate: undefined };
  return typeof entry === 'string' ? { migrate: recipe.release.migrate } : { migrate: entry.run ?? recipe.release.migrate, migrateVariables: entry.variables };
}

function planAssets(config: ProjectConfig, recipe: AppRecipe): Pick<ReleaseSnapshot, 'assets'> {
  if (config.assets.length === 0) return {};
  const { siteFolder } = recipe.release;
  const folders = config.assets.map((path) => {
    const folder = normalize(path).replace(/\/$/, '');
    if (siteFolder === undefined) return folder;
    const within = relative(siteFolder, folder);
    return within.startsWith('..') ? folder : join('/srv/www', within);
  });
  return { assets: { folders, keepMs: parseDurationMs(config.keep.assets) } };
}

function planProcesses(config: ProjectConfig, recipe: AppRecipe, { settings: { instances = {}, memory }, webPort }: { settings: EnvironmentConfig; webPort: number }): ReleaseProcess[] {
  const mostBytes = memory === undefined ? Infinity : parseSizeBytes(memory);
  const configured: Record<string, Partial<AppProcess>> = { web: {}, ...config.processes };
  return Object.entries(configured).map(([name, process]) => ({
    name,
    command: process.run ?? (name === 'web' ? recipe.release.web : undefined),
    instances: instances[name] ?? process.instances ?? 1,
    memoryBytes: Math.min(parseSizeBytes(process.memory ?? '512M'), mostBytes),
    cpus: process.cpus,
    // The new web version has to be proven before the old one goes, whatever is asked.
    handover: name === 'web' ? 'start-first' : (process.handover ?? 'stop-first'),
    stopSignal: process.stopSignal ?? 'SIGTERM',
    stopMs: parseDurationMs(process.stopTime ?? '10s'),
    variables: { ...(name === 'web' || process.port === undefined ? {} : { PORT: String(process.port) }), ...process.variables },
    ...(name === 'web' || !process.health ? {} : { health: { ...planHealth(process.health, '/'), port: process.port ?? webPort } }),
  }));
}

function planHealth(health: Health | undefined, path: string): ReleaseHealth {
  const status = health?.status;
  return {
    path: health?.path ?? path,
    statuses: typeof status === 'number' ? [status] : status,
    timeoutMs: parseDurationMs(health?.timeout ?? '60s'),
    intervalMs: parseDurationMs(health?.interval ?? '250ms'),
  };
}

/** Where and how a process of a release is asked whether it is ready; undefined: it is when it runs. */
export function healthOf({ port, health }: Pick<ReleaseSnapshot, 'port' | 'health'>, process: Pick<ReleaseProcess, 'name' | 'health'>): (ReleaseHealth & { port: number }) | undefined {
  return process.name === 'web' ? { ...health, port } : process.health;
}

/** What was stopped by hand runs again when a release is gone back to: it would else be live with nothing that answers. */
export function startedSnapshot(snapshot: ReleaseSnapshot): ReleaseSnapshot {
  return { ...snapshot, processes: snapshot.processes.map(startedProcess) };
}

export function startedProcess(process: ReleaseProcess): ReleaseProcess {
  const { stoppedInstances, ...started } = process;
  return stoppedInstances === undefined ? process : { ...started, instances: stoppedInstances };
}

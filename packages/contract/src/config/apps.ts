import type { ProjectConfig } from './project.ts';

/** Names by which the apps of an environment reach something else. */
export const takenAppNames: readonly string[] = ['db', 'redis', 'database', 'localhost', 'redcontrol'];
export const maxApps = 20;

/** A configuration as one of its apps sees it, or as a whole where the repository holds only one. */
export interface AppConfig {
  /** Undefined for an only app. */
  app: string | undefined;
  config: ProjectConfig;
}

/** What is tested, built and run of a repository, in the configuration's order: its apps, each with a configuration of its own. Pure. */
export function appConfigs(config: ProjectConfig): AppConfig[] {
  const { apps } = config;
  if (!apps) return [{ app: undefined, config }];
  return Object.keys(apps).map((app) => ({ app, config: configOfApp(config, app) }));
}

/** Domains of an app in an environment with these: its own, a label put before each of them. */
export function appDomains(own: string | readonly string[] | undefined, environment: string | readonly string[] | undefined): string[] {
  const around = [environment ?? []].flat();
  return [own ?? []].flat().flatMap((one) => (one.includes('.') ? [one] : around.map((domain) => `${one}.${domain}`)));
}

/** All domains that an environment answers at, its own first, then those of its apps; each once. */
export function environmentDomains({ environments, apps }: Pick<ProjectConfig, 'environments' | 'apps'>, environment: string): string[] {
  const own = environments[environment]?.domain;
  return [...new Set([own ?? [], ...Object.values(apps ?? {}).map(({ domain }) => appDomains(domain, own))].flat())];
}

/** Variables by which the other apps of an environment find an app. */
export function appVariables(app: string, port: number): Record<string, string> {
  const name = app.toUpperCase().replaceAll('-', '_');
  return { [`${name}_HOST`]: app, [`${name}_PORT`]: String(port), [`${name}_URL`]: `http://${app}:${port}` };
}

/** Name of a process where several apps have one of that name: `api.web`. */
export function processOfApp(app: string | undefined, process: string): string {
  return app === undefined ? process : `${app}.${process}`;
}

/** Every process as `instances` and commands name it: web where none is written, and always for an only app. */
export function processNames({ apps, processes }: ProjectConfig): string[] {
  if (!apps) return Object.keys({ web: {}, ...processes });
  return Object.entries(apps).flatMap(([app, { processes: own }]) => Object.keys(own ?? { web: {} }).map((process) => processOfApp(app, process)));
}

function configOfApp({ apps, ...config }: ProjectConfig, name: string): ProjectConfig {
  const app = apps?.[name];
  if (!app) return config;
  return {
    ...config,
    root: app.root,
    framework: app.framework,
    pipeline: app.pipeline ?? config.pipeline,
    processes: app.processes ?? {},
    build: app.build ?? config.build,
    assets: app.assets ?? config.assets,
    environments: Object.fromEntries(Object.entries(config.environments).map(([environment, settings]) => [environment, { ...settings, instances: instancesOf(settings.instances, name) }])),
  };
}

/** `api.web: 2` is `web: 2` for the app api. */
function instancesOf(instances: Record<string, number> | undefined, app: string): Record<string, number> {
  const prefix = `${app}.`;
  return Object.fromEntries(Object.entries(instances ?? {}).flatMap(([process, number]) => (process.startsWith(prefix) ? [[process.slice(prefix.length), number]] : [])));
}

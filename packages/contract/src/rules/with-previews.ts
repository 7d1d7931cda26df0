import { appConfigs, processOfApp } from '../config/apps.ts';
import type { EnvironmentConfig } from '../config/environment.ts';
import { previewPrefix } from '../config/preview.ts';
import type { ProjectConfig } from '../config/project.ts';

/** One branch's own environment. */
export interface PreviewPlace {
  name: string;
  /** Environment of the configuration whose `preview` it comes from. */
  base: string;
  branch: string;
}

/**
 * The configuration with an environment for each preview, so that all that goes for environments goes for them. Those whose base no longer has previews
 * are left out. Pure.
 */
export function withPreviews(config: ProjectConfig, previews: readonly PreviewPlace[]): ProjectConfig {
  const added = previews.flatMap(({ name, base, branch }) => {
    const settings = config.environments[base];
    return settings?.preview && !config.environments[name] ? [[name, previewEnvironment(config, settings, { name, branch })] as const] : [];
  });
  return added.length === 0 ? config : { ...config, environments: { ...config.environments, ...Object.fromEntries(added) } };
}

/** As its base, with addresses, data and limits of its own; its database is neither backed up nor rehearsed on: it is thrown away. */
function previewEnvironment(config: ProjectConfig, base: EnvironmentConfig, { name, branch }: Pick<PreviewPlace, 'name' | 'branch'>): EnvironmentConfig {
  const { domain: _domain, port: _port, preview, database, traffic, instances, memory, ...rest } = base;
  const label = name.slice(previewPrefix.length);
  return {
    ...rest,
    deploy: { branch },
    ...(preview?.domain === undefined ? {} : { domain: preview.domain.replace('*', label) }),
    ...(database ? { database: { ...database, backup: false, rehearsal: false } } : {}),
    ...(traffic ? { traffic: { ...traffic, redirects: {} } } : {}),
    instances: Object.fromEntries(processesOf(config).map(([process, count]) => [process, Math.min(instances?.[process] ?? count ?? 1, 1)])),
    ...(preview?.memory === undefined ? (memory === undefined ? {} : { memory }) : { memory: preview.memory }),
  };
}

/** Every process as `instances` names it, with its own number. */
function processesOf(config: ProjectConfig): [name: string, instances: number | undefined][] {
  return appConfigs(config).flatMap(({ app, config: { processes } }) =>
    Object.entries<{ instances?: number | undefined }>({ web: {}, ...processes }).map(([name, { instances }]): [string, number | undefined] => [processOfApp(app, name), instances]));
}

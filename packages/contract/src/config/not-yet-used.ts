import type { Database } from './database.ts';
import type { EnvironmentConfig } from './environment.ts';
import type { PipelineEntry } from './pipeline.ts';
import type { ProjectConfig } from './project.ts';

/** A key that the schema accepts and this version does not carry out, or not in full. */
export interface NotYetUsed {
  /** Keys and list positions from the top, e.g. ['environments', 'test', 'preview']. */
  path: (string | number)[];
  /** One sentence: what does not happen. */
  text: string;
}

/** What a configuration asks for that this version does not do. Warnings, no problems: all else is carried out. Pure. */
export function notYetUsed(config: ProjectConfig): NotYetUsed[] {
  return [
    ...projectKeys(config),
    ...config.pipeline.flatMap((entry, index) => stepKeys(entry, ['pipeline', index])),
    ...Object.entries(config.environments).flatMap(([name, environment]) => environmentKeys(environment, ['environments', name])),
    ...processKeys(config),
  ];
}

function projectKeys(config: ProjectConfig): NotYetUsed[] {
  const { build, framework } = config;
  return listed([
    [build.dockerfile !== undefined && framework !== undefined && framework !== 'dockerfile', ['build', 'dockerfile'], `\`build.dockerfile\` counts only with \`framework: dockerfile\`: the image is built by the preset ${framework}.`],
  ]);
}

function stepKeys(entry: PipelineEntry, path: NotYetUsed['path']): NotYetUsed[] {
  if (typeof entry === 'string') return [];
  const { services = [] } = entry;
  return services.flatMap((service, index) => serviceKeys(service, [...path, 'services', index]));
}

function environmentKeys({ database, server }: EnvironmentConfig, path: NotYetUsed['path']): NotYetUsed[] {
  return [
    ...listed([
      [Array.isArray(server) && server.length > 1, [...path, 'server'], notDone('one environment on several servers', 'nothing spreads traffic between them')],
    ]),
    ...(database ? databaseKeys(database, [...path, 'database']) : []),
  ];
}

/** A database for tests is gone with them. */
function serviceKeys(service: Database, path: NotYetUsed['path']): NotYetUsed[] {
  return [...listed([[service.backup !== undefined && service.backup !== false, [...path, 'backup'], 'No backup is made of a database for tests: it is gone with them.'], [service.connections !== undefined, [...path, 'connections'], 'A database for tests keeps its own limit of connections.']]), ...databaseKeys(service, path)];
}

function databaseKeys({ engine }: Database, path: NotYetUsed['path']): NotYetUsed[] {
  return listed([
    [engine === 'sqlite', [...path, 'engine'], 'Nothing is set up for `sqlite`, also no DATABASE_URL: the app opens its own file, which lasts only on one of the `volumes`.'],
  ]);
}

function processKeys({ processes }: ProjectConfig): NotYetUsed[] {
  return listed([[processes.web?.handover === 'stop-first', ['processes', 'web', 'handover'], notDone('stop-first of web', 'the new version has to be proven before the old one goes')]]);
}

function notDone(what: string, instead: string): string {
  return `\`${what}\` is not carried out yet by this version: ${instead}.`;
}

function listed(all: [applies: boolean, path: NotYetUsed['path'], text: string][]): NotYetUsed[] {
  return all.flatMap(([applies, path, text]) => (applies ? [{ path, text }] : []));
}

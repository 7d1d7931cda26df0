import type { ImportedParts } from '../init/render-config.ts';
import type { Take } from './take.ts';

/** The parts of a configuration that were taken over, in the order in which people read them. */
export function importedParts(take: Take): ImportedParts {
  const { domains, https, variables, secrets, database, redis, keepReleases } = take;
  const build = { ...(take.dockerfile === undefined ? {} : { dockerfile: take.dockerfile }), ...filled('arguments', Object.fromEntries(take.buildArguments)), ...(take.buildSecrets.size > 0 ? { secrets: [...take.buildSecrets] } : {}) };
  const processes = Object.fromEntries([...take.processes].map(([name, { file: _file, line: _line, ...process }]) => [name, process]));
  return {
    from: take.file, domains, variables: Object.fromEntries(variables), secrets: [...secrets],
    ...(https === undefined ? {} : { https }),
    ...(database?.version === undefined ? {} : { databaseVersion: database.version }),
    ...(redis?.version === undefined ? {} : { redisVersion: redis.version }),
    sections: { ...filled('build', build), ...filled('processes', processes), ...filled('jobs', Object.fromEntries(take.jobs)), ...filled('volumes', Object.fromEntries(take.volumes)), ...(keepReleases === undefined ? {} : { keep: { releases: keepReleases } }) },
  };
}

function filled(key: string, value: Record<string, unknown>): Record<string, unknown> {
  return Object.keys(value).length === 0 ? {} : { [key]: value };
}

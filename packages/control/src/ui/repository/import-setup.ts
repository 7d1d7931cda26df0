import type { ImportedSetup, ParsedControlParams } from '@redcontrol/contract';
import { combineTakes } from '../../import/combine-takes.ts';
import { convertFile, usualFiles } from '../../import/convert-file.ts';
import { importedParts } from '../../import/imported-parts.ts';
import type { Take } from '../../import/take.ts';
import { cloneForInspection } from './repository-cache.ts';
import { readBranches } from './inspect-repository.ts';
import { viewAtCommit } from './view-at-commit.ts';

/**
 * What the files of other tools in a repository say, as parts of a configuration; with no such file all of it is empty.
 * Throws REPOSITORY_UNREACHABLE, CONFIG_INVALID for a file that cannot be understood, CANCELLED.
 */
export async function importSetup(folder: string, { repository, root }: ParsedControlParams<'repository.import'>, signal?: AbortSignal): Promise<ImportedSetup> {
  const directory = await cloneForInspection(folder, repository, signal);
  const { commit } = await readBranches(directory);
  if (commit === undefined) return partsOf([]);
  const view = viewAtCommit(directory, { commit, root: root ?? '', signal });
  const files = await Promise.all(usualFiles.map(async (name) => ({ name, text: await view.readText(name) })));
  return partsOf(files.flatMap(({ name, text }) => (text === undefined ? [] : [convertFile(text, name)])));
}

function partsOf(takes: readonly Take[]): ImportedSetup {
  const take = combineTakes(takes);
  const { domains, https, variables, secrets, databaseVersion, redisVersion, sections } = importedParts(take);
  const { database, redis, migrate } = take;
  // The framework's own migration knows more: whether it has one stands in the stages.
  const left = migrate ? [...take.left, { file: migrate.file, line: migrate.line, what: `the migration ${migrate.run}`, why: 'look at the stages: the framework\'s own is taken where it has one' }] : take.left;
  return {
    files: takes.map(({ file }) => file),
    framework: take.ownDockerfile ? 'dockerfile' : null,
    sections,
    environment: {
      ...(Object.keys(variables).length > 0 ? { variables } : {}),
      ...(secrets.length > 0 ? { secrets } : {}),
      ...(database ? { database: { engine: database.engine, ...(databaseVersion === undefined ? {} : { version: databaseVersion }) } } : {}),
      ...(redis ? { redis: redisVersion === undefined ? {} : { version: redisVersion } } : {}),
    },
    production: { ...(domains.length > 0 ? { domain: domains.length === 1 ? domains[0] : domains } : {}), ...(https === undefined ? {} : { https }) },
    left,
  };
}

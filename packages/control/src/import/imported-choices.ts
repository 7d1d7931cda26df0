import { RedControlError } from '@redcontrol/contract';
import type { InitOptions } from '../init/choose-config.ts';
import type { InitChoices } from '../init/render-config.ts';
import { importedParts } from './imported-parts.ts';
import { leave, type Take } from './take.ts';

/** What `init` decides, with what other tools' files say put over it, and the reasons put right. Throws FRAMEWORK_UNKNOWN where there are several apps. */
export function importedChoices(found: InitChoices, take: Take, told: Partial<InitOptions>): InitChoices {
  const why = `${take.file} ${take.file.includes(', ') ? 'say' : 'says'} so`;
  const { database } = take;
  if (found.apps) throw new RedControlError('FRAMEWORK_UNKNOWN', `Expected one app that these files are of, got ${found.apps.map(({ name, root }) => `${name} in ${root}`).join(', ')}`, { hint: 'Name its folder with --root, or begin with redcontrol init, which proposes them all.' });
  const isOwn = found.framework?.value === 'dockerfile' && told.framework === undefined && take.ownDockerfile;
  return {
    ...found,
    ...(isOwn ? { framework: { value: 'dockerfile', why } } : {}),
    ...(found.root && told.root === undefined ? { root: { value: found.root.value, why: 'the folder of these files' } } : {}),
    database: database ? { value: database.engine, why } : found.database,
    redis: take.redis ? { value: true, why } : found.redis,
    secrets: take.secrets.size > 0 ? undefined : found.secrets,
    stages: withMigration(found.stages, take),
    imported: importedParts(take),
  };
}

/** The framework's own migration knows more than the line of another tool. */
function withMigration(stages: InitChoices['stages'], take: Take): InitChoices['stages'] {
  const { migrate } = take;
  if (!migrate) return stages;
  const framework = stages.find(({ name }) => name === 'migrate');
  if (framework) {
    leave({ ...take, file: migrate.file }, migrate.line, `the migration ${migrate.run}`, `the framework's own is taken: ${framework.command}`);
    return stages;
  }
  const own = { name: 'migrate' as const, command: migrate.run, isOwn: true };
  const before = stages.filter(({ name }) => name === 'build');
  return [...before, own, ...stages.filter(({ name }) => name !== 'build')];
}

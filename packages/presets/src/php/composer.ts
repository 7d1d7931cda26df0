import type { AppRecipe, RepositoryView } from '../recipe.ts';
import { readJson } from '../reading/parsed.ts';
import { memberOf, recordOf, textOf } from '../reading/plain.ts';
import { commonIgnore } from '../image/ignore.ts';
import { chooseFromRange, type VersionChoice } from '../versions/choose-version.ts';

/** What composer.json says. */
export interface Composer {
  packages: Set<string>;
  devPackages: Set<string>;
  scripts: Set<string>;
  version: VersionChoice;
  isLocked: boolean;
  problem: string | undefined;
}

const candidates = ['8.4', '8.3', '8.2', '8.1'] as const;

export async function readComposer(repository: RepositoryView): Promise<Composer | undefined> {
  const parsed = await readJson(repository, 'composer.json');
  if (!parsed) return undefined;
  const namesIn = (key: string) => new Set(Object.keys(recordOf(memberOf(parsed.value, key))));
  const range = textOf(memberOf(parsed.value, 'require', 'php'));
  const version: VersionChoice = range === undefined ? { notes: [] } : chooseFromRange({ range: range.replaceAll('|', ' || ').replace(/ \|\| {2}\|\| /g, ' || '), from: 'composer.json (require.php)', candidates });
  const minor = version.version?.match(/^\d+\.\d+/)?.[0];
  return {
    packages: namesIn('require'),
    devPackages: namesIn('require-dev'),
    scripts: namesIn('scripts'),
    version: { notes: version.notes, ...(minor && { version: minor }) },
    isLocked: await repository.exists('composer.lock'),
    problem: parsed.problem,
  };
}

export const composerCaches = { composer: '/home/app/.composer-cache' };
export const composerVariables = { COMPOSER_CACHE_DIR: '/home/app/.composer-cache', COMPOSER_NO_INTERACTION: '1' };
const install = 'composer install --no-interaction --no-progress --prefer-dist';

/** Without the app's own scripts: these need its code. */
export const productionInstall = `${install} --no-dev --no-scripts --no-autoloader`;

/** What is the same in the recipes of all PHP apps. */
export function phpParts(composer: Composer | undefined): Pick<AppRecipe, 'toolchain' | 'runtime' | 'ignore' | 'dependencies' | 'caches' | 'variables'> {
  const version = composer?.version.version === undefined ? {} : { version: composer.version.version };
  return {
    toolchain: { kind: 'php', ...version },
    runtime: { kind: 'php', ...version, slim: true },
    ignore: [...commonIgnore, 'vendor', '**/node_modules', 'var/cache', 'var/log', 'storage/logs/*', 'bootstrap/cache/*.php'],
    dependencies: { keyFiles: composer?.isLocked ? ['composer.json', 'composer.lock'] : ['composer.json'], run: `${install} --no-scripts` },
    caches: composerCaches,
    variables: { CI: '1', ...composerVariables },
  };
}

export function composerNotes(composer: Composer | undefined): string[] {
  if (!composer) return ['There is no composer.json.'];
  const notes = [...composer.version.notes];
  if (composer.problem) notes.push(composer.problem);
  if (!composer.isLocked) notes.push('There is no composer.lock: each install may bring other versions. Commit it.');
  return notes;
}

export function phpTest(composer: Composer | undefined, own: string | undefined): string | undefined {
  if (own) return own;
  if (composer?.devPackages.has('pestphp/pest')) return 'vendor/bin/pest';
  return composer?.devPackages.has('phpunit/phpunit') ? 'vendor/bin/phpunit --log-junit test-results/junit.xml' : undefined;
}

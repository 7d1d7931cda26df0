import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { scriptOf, readManifest } from '../javascript/manifest.ts';
import { composerNotes, phpParts, phpTest, readComposer } from '../php/composer.ts';
import { laravelDockerfile } from './dockerfile.ts';

export const laravel: Preset = { framework: 'laravel', title: 'Laravel', detect, describe };

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const composer = await readComposer(repository);
  if (!composer?.packages.has('laravel/framework')) return undefined;
  if (await repository.exists('artisan')) return { framework: 'laravel', certainty: 'certain', reason: 'composer.json requires laravel/framework and there is artisan.' };
  return { framework: 'laravel', certainty: 'likely', reason: 'composer.json requires laravel/framework, but there is no artisan.' };
}

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const composer = await readComposer(repository);
  const manifest = await readManifest(repository);
  const up = /health:\s*['"](\/[\w/-]{1,100})['"]/.exec((await repository.readText('bootstrap/app.php')) ?? '')?.[1];
  const notes = [...composerNotes(composer), 'This preset was not run with Laravel itself when it was made: look at the first deployment closely.'];
  if (manifest && scriptOf(manifest, 'build')) notes.push('Front-end files are not built: commit public/build, or use an own Dockerfile.');
  notes.push(up ? `Health path ${up} was found in bootstrap/app.php.` : 'No health route was found: "/" is asked.', 'APP_KEY must be set as a secret.');
  return {
    framework: 'laravel',
    ...phpParts(composer),
    dockerfile: laravelDockerfile({ isLocked: composer?.isLocked ?? false }),
    stages: { build: 'php artisan about --only=environment', migrate: 'php artisan migrate --force', test: phpTest(composer, 'php artisan test') },
    release: { migrate: 'php artisan migrate --force', web: undefined, port: 8080, healthPath: up ?? '/', variables: {} },
    notes,
  };
}

import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { composerNotes, phpParts, phpTest, readComposer } from '../php/composer.ts';
import { symfonyDockerfile } from './dockerfile.ts';

export const symfony: Preset = { framework: 'symfony', title: 'Symfony', detect, describe };

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const composer = await readComposer(repository);
  if (!composer?.packages.has('symfony/framework-bundle')) return undefined;
  if (await repository.exists('bin/console')) return { framework: 'symfony', certainty: 'certain', reason: 'composer.json requires symfony/framework-bundle and there is bin/console.' };
  return { framework: 'symfony', certainty: 'likely', reason: 'composer.json requires symfony/framework-bundle, but there is no bin/console.' };
}

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const composer = await readComposer(repository);
  const migrate = composer?.packages.has('doctrine/doctrine-migrations-bundle') ? 'php bin/console doctrine:migrations:migrate --no-interaction --allow-no-migration' : undefined;
  const ownTest = (await repository.exists('bin/phpunit')) ? 'php bin/phpunit --log-junit test-results/junit.xml' : undefined;
  return {
    framework: 'symfony',
    ...phpParts(composer),
    dockerfile: symfonyDockerfile({ isLocked: composer?.isLocked ?? false }),
    stages: { build: 'php bin/console lint:container', migrate, test: phpTest(composer, ownTest) },
    release: { migrate, web: undefined, port: 8080, healthPath: '/', variables: {} },
    notes: [
      ...composerNotes(composer),
      'This preset was not run with Symfony itself when it was made: look at the first deployment closely.',
      'Health path "/": set processes.web.health.path for a better one.',
      'APP_SECRET must be set as a secret.',
    ],
  };
}

import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { commonIgnore } from '../image/ignore.ts';
import { firstWord, matchLine, matchLines } from '../reading/search.ts';
import { bundlerCaches, railsDockerfile } from './dockerfile.ts';

export const rails: Preset = { framework: 'rails', title: 'Ruby on Rails', detect, describe };

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const gems = await gemsOf(repository);
  if (!gems.has('rails')) return undefined;
  if (await repository.exists('config/application.rb')) return { framework: 'rails', certainty: 'certain', reason: 'Gemfile names rails and there is config/application.rb.' };
  return { framework: 'rails', certainty: 'unsure', reason: 'Gemfile names rails, but there is no config/application.rb.' };
}

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const gems = await gemsOf(repository);
  const version = await rubyVersion(repository);
  const routes = await repository.readText('config/routes.rb');
  const health = matchLine(routes, /get\s+["']\/?([\w/-]{1,60})["'].{0,40}rails\/health#show/)?.[1];
  const isLocked = await repository.exists('Gemfile.lock');
  const files = ['Gemfile', ...(isLocked ? ['Gemfile.lock'] : []), ...((await repository.exists('.ruby-version')) ? ['.ruby-version'] : [])];
  const hasAssets = ['sprockets-rails', 'propshaft', 'vite_rails', 'cssbundling-rails', 'jsbundling-rails'].some((gem) => gems.has(gem));
  const notes = ['This preset was not run with Rails itself when it was made: look at the first deployment closely.'];
  if (!isLocked) notes.push('There is no Gemfile.lock, and the image needs one: commit it.');
  if (!gems.has('puma')) notes.push('puma is not among the gems: set processes.web.run.');
  notes.push(health ? `Health path /${health} was found in config/routes.rb.` : 'No health route was found: "/" is asked.', 'SECRET_KEY_BASE must be set as a secret.');
  return {
    framework: 'rails',
    toolchain: { kind: 'ruby', ...(version && { version }) },
    runtime: { kind: 'ruby', ...(version && { version }), slim: true },
    dockerfile: railsDockerfile({ files, hasAssets }),
    ignore: [...commonIgnore, 'log/*', 'tmp/*', 'storage/*', '**/node_modules', 'vendor/bundle', '.bundle'],
    dependencies: { keyFiles: files, run: 'bundle config set --local path vendor/bundle && bundle install' },
    caches: bundlerCaches,
    stages: {
      build: 'bundle exec rails zeitwerk:check',
      migrate: 'bundle exec rails db:migrate',
      test: gems.has('rspec-rails') ? 'bundle exec rspec' : 'bundle exec rails test',
    },
    variables: { CI: '1', RAILS_ENV: 'test', BUNDLE_GLOBAL_GEM_CACHE: '1', BUNDLE_USER_CACHE: bundlerCaches.bundler },
    release: { migrate: 'bundle exec rails db:migrate', web: undefined, port: 3000, healthPath: health ? `/${health}` : '/', variables: {} },
    notes,
  };
}

async function gemsOf(repository: RepositoryView): Promise<Set<string>> {
  const names = matchLines(await repository.readText('Gemfile'), /^\s*gem\s+["']([\w-]{1,80})["']/).map((match) => match[1]!);
  return new Set(names);
}

async function rubyVersion(repository: RepositoryView): Promise<string | undefined> {
  const word = firstWord(await repository.readText('.ruby-version')) ?? matchLine(await repository.readText('Gemfile'), /^\s*ruby\s+["'](?:~>\s*)?([\d.]{1,12})["']/)?.[1];
  return word?.match(/^(?:ruby-)?(\d\.\d{1,2})/)?.[1];
}

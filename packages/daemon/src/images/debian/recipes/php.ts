import type { DebianRecipe, DebianSuite } from '../recipe.ts';

const suites: Record<string, DebianSuite> = { '8.4': 'trixie', '8.2': 'bookworm' };
const extensions = ['bcmath', 'curl', 'gd', 'intl', 'mbstring', 'mysql', 'pgsql', 'redis', 'sqlite3', 'xml', 'zip'];

export const phpRecipes: DebianRecipe[] = Object.entries(suites).map(([version, suite]) => ({
  kind: 'php',
  version,
  suite,
  packages: ['php-cli', 'php-fpm', ...extensions.map((extension) => `php-${extension}`)],
  tools: ['composer'],
  command: ['php', '--version'],
}));

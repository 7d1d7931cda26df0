import type { DebianRecipe, DebianSuite } from '../recipe.ts';

const suites: Record<string, DebianSuite> = { '3.3': 'trixie', '3.1': 'bookworm' };

export const rubyRecipes: DebianRecipe[] = Object.entries(suites).map(([version, suite]) => ({
  kind: 'ruby',
  version,
  suite,
  packages: ['ruby', 'bundler', 'libpq5', 'libmariadb3', 'libsqlite3-0', 'libyaml-0-2', 'libvips42'],
  tools: ['ruby-dev', 'libpq-dev', 'libmariadb-dev', 'libsqlite3-dev', 'libyaml-dev', 'libffi-dev'],
  command: ['ruby', '--version'],
}));

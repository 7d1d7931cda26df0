import type { DebianRecipe, DebianSuite } from '../recipe.ts';

const suites: Record<string, DebianSuite> = { '3.13': 'trixie', '3.11': 'bookworm', '3.9': 'bullseye' };

export const pythonRecipes: DebianRecipe[] = Object.entries(suites).map(([version, suite]) => ({
  kind: 'python',
  version,
  suite,
  // The client libraries of databases are here, so that what was compiled in the full image runs in the small one.
  packages: ['python3', 'python3-venv', 'python3-pip', 'python-is-python3', 'libpq5', 'libmariadb3'],
  tools: ['python3-dev', 'libpq-dev', 'libmariadb-dev', 'libffi-dev', 'libssl-dev'],
  // The image is the app's own: a guard that keeps a desktop's Python whole is only in the way here.
  after: ['rm -f /usr/lib/python3*/EXTERNALLY-MANAGED'],
  variables: { PYTHONUNBUFFERED: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
  command: ['python3'],
}));

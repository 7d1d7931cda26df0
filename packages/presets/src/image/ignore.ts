/** What no image needs and what must not get into one, whatever the framework. */
export const commonIgnore = [
  '.git', '.gitmodules', '.github', '.gitlab', '.gitlab-ci.yml', '.forgejo', '.gitea', '.vscode', '.idea', '.DS_Store',
  '.env.local', '.env.*.local', 'redcontrol.yml', 'Dockerfile', '.dockerignore', 'docker-compose*.yml', 'compose*.yml',
];

export const nodeIgnore = [...commonIgnore, '**/node_modules', 'coverage', '.next', 'npm-debug.log*'];

export const pythonIgnore = [...commonIgnore, '.venv', 'venv', '**/__pycache__', '**/*.pyc', '.pytest_cache', '.mypy_cache', '.ruff_cache', '**/*.sqlite3'];

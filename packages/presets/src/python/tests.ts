import type { RepositoryView } from '../recipe.ts';
import { memberOf } from '../reading/plain.ts';
import { matchLine } from '../reading/search.ts';
import type { PythonProject } from './project.ts';

/** pytest with a report that names failed tests. */
export const pytestCommand = '.venv/bin/python -m pytest --junitxml=test-results/junit.xml';

export async function isPytestConfigured(repository: RepositoryView, project: PythonProject): Promise<boolean> {
  if (!project.packages.has('pytest') && !project.packages.has('pytest-django')) return false;
  if ((await repository.exists('pytest.ini')) || (await repository.exists('conftest.py'))) return true;
  if (memberOf(project.pyproject, 'tool', 'pytest') !== undefined || project.packages.has('pytest-django')) return true;
  return matchLine(await repository.readText('setup.cfg'), /^\[tool:pytest\]/) !== undefined;
}

/** Test command of an app that is no Django project. */
export async function testCommand(repository: RepositoryView, project: PythonProject): Promise<string | undefined> {
  if (project.packages.has('pytest')) return pytestCommand;
  const names = [...(await repository.list('')), ...(await repository.list('tests'))];
  if (!names.some((name) => /^test_.{1,100}\.py$|^.{1,100}_test\.py$/.test(name))) return undefined;
  return (await repository.exists('tests')) ? '.venv/bin/python -m unittest discover -s tests -t .' : '.venv/bin/python -m unittest';
}

import type { RepositoryView } from '../recipe.ts';
import { healthNote, healthPathIn } from '../reading/health-path.ts';
import { findAppObject, type AppObject } from './app-object.ts';
import { pythonProject, type PythonProject } from './project.ts';
import { testCommand } from './tests.ts';

/** What Flask and FastAPI apps have in common. */
export interface PythonWebApp {
  project: PythonProject;
  app: AppObject | undefined;
  health: string | undefined;
  test: string | undefined;
  /** Checks that all of the code can be compiled; nothing of the environment is touched. */
  build: string;
  /** Variables that a src/ layout needs. */
  variables: Record<string, string>;
  /** For the image, where the code is in /app. */
  imageVariables: Record<string, string>;
  /** `alembic upgrade head` where there is an alembic.ini. */
  usesAlembic: boolean;
  notes: string[];
}

export async function pythonWebApp(repository: RepositoryView, className: 'Flask' | 'FastAPI'): Promise<PythonWebApp> {
  const project = await pythonProject(repository);
  const app = await findAppObject(repository, className);
  const health = healthPathIn(app?.text);
  const test = await testCommand(repository, project);
  const isSourceLayout = app?.path.startsWith('src/') ?? false;
  const notes = [...project.notes, healthNote(health, app?.path ?? '')];
  if (!app) notes.push(`No ${className} object was found: app:app is taken. Set processes.web.run.`);
  else notes.push(`The app is ${app.reference}, found in ${app.path}.`);
  if (test === undefined) notes.push('No tests were found: the stage "test" has nothing to run.');
  return {
    project,
    app,
    health,
    test,
    build: '.venv/bin/python -m compileall -q -x "/[.](venv|git)/" .',
    variables: isSourceLayout ? { PYTHONPATH: 'src' } : {},
    imageVariables: isSourceLayout ? { PYTHONPATH: '/app/src' } : {},
    usesAlembic: await repository.exists('alembic.ini'),
    notes,
  };
}

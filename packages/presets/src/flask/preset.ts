import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { findAppObject } from '../python/app-object.ts';
import { pythonProject } from '../python/project.ts';
import { behindProxy, gunicorn, pythonParts } from '../python/recipe-parts.ts';
import { pythonWebApp, type PythonWebApp } from '../python/web-app.ts';
import { flaskDockerfile } from './dockerfile.ts';

export const flask: Preset = { framework: 'flask', title: 'Flask', detect, describe };

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const project = await pythonProject(repository);
  if (!project.packages.has('flask')) return undefined;
  const app = await findAppObject(repository, 'Flask');
  if (app && project.appPackages.has('flask')) return { framework: 'flask', certainty: 'certain', reason: `Flask is among the packages and ${app.path} makes the app.` };
  if (app) return { framework: 'flask', certainty: 'likely', reason: `${app.path} makes a Flask app, but Flask is only declared for development.` };
  return { framework: 'flask', certainty: 'unsure', reason: 'Flask is among the packages, but no file that makes an app was found.' };
}

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const web = await pythonWebApp(repository, 'Flask');
  const extra = web.project.appPackages.has('gunicorn') ? [] : [gunicorn];
  const notes = [...web.notes];
  if (extra.length > 0) notes.push(`${gunicorn} is installed in the image, since the app does not name a server. Add it to the app's packages.`);
  const migrate = migrateCommand(web);
  return {
    framework: 'flask',
    ...pythonParts(web.project, { extra: [], variables: web.variables }),
    dockerfile: flaskDockerfile({ project: web.project, extra, variables: { ...behindProxy, ...web.imageVariables }, app: web.app?.reference ?? 'app:app' }),
    stages: { build: web.build, migrate: migrate && `.venv/bin/${migrate}`, test: web.test },
    release: { migrate, web: undefined, port: 8000, healthPath: web.health ?? '/', variables: {} },
    notes,
  };
}

/** Flask-Migrate keeps Alembic's files in migrations/ and runs them inside of the app. */
function migrateCommand({ project, app, usesAlembic }: PythonWebApp): string | undefined {
  const reference = app?.reference.replace(/\(\)$/, '') ?? 'app:app';
  if (project.appPackages.has('flask-migrate')) return `flask --app ${reference} db upgrade`;
  return usesAlembic ? 'alembic upgrade head' : undefined;
}

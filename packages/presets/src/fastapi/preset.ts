import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { findAppObject } from '../python/app-object.ts';
import { pythonProject, type PythonProject } from '../python/project.ts';
import { behindProxy, pythonParts, uvicorn } from '../python/recipe-parts.ts';
import { pythonWebApp } from '../python/web-app.ts';
import { fastapiDockerfile } from './dockerfile.ts';

export const fastapi: Preset = { framework: 'fastapi', title: 'FastAPI', detect, describe };

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const project = await pythonProject(repository);
  if (!project.packages.has('fastapi')) return undefined;
  const app = await findAppObject(repository, 'FastAPI');
  if (app && project.appPackages.has('fastapi')) return { framework: 'fastapi', certainty: 'certain', reason: `FastAPI is among the packages and ${app.path} makes the app.` };
  if (app) return { framework: 'fastapi', certainty: 'likely', reason: `${app.path} makes a FastAPI app, but FastAPI is only declared for development.` };
  return { framework: 'fastapi', certainty: 'unsure', reason: 'FastAPI is among the packages, but no file that makes an app was found.' };
}

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const web = await pythonWebApp(repository, 'FastAPI');
  const extra = bringsUvicorn(web.project) ? [] : [uvicorn];
  const notes = [...web.notes];
  if (extra.length > 0) notes.push(`${uvicorn} is installed in the image, since the app does not name a server. Add it to the app's packages.`);
  return {
    framework: 'fastapi',
    ...pythonParts(web.project, { extra: [], variables: web.variables }),
    dockerfile: fastapiDockerfile({
      project: web.project,
      extra,
      variables: { ...behindProxy, ...web.imageVariables },
      app: (web.app?.reference ?? 'app:app').replace(/\(\)$/, ''),
      isFactory: web.app?.isFactory ?? false,
    }),
    stages: { build: web.build, migrate: web.usesAlembic ? '.venv/bin/alembic upgrade head' : undefined, test: web.test },
    release: { migrate: web.usesAlembic ? 'alembic upgrade head' : undefined, web: undefined, port: 8000, healthPath: web.health ?? '/', variables: {} },
    notes,
  };
}

function bringsUvicorn({ appPackages }: PythonProject): boolean {
  return ['uvicorn', 'fastapi-cli', 'fastapi[standard]', 'fastapi[all]'].some((name) => appPackages.has(name));
}

import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { pythonProject, type PythonProject } from '../python/project.ts';
import { behindProxy, gunicorn, pythonParts, uvicorn } from '../python/recipe-parts.ts';
import { isPytestConfigured, pytestCommand } from '../python/tests.ts';
import { healthPathIn } from '../reading/health-path.ts';
import { djangoDockerfile } from './dockerfile.ts';
import { djangoProject, type DjangoProject } from './settings.ts';

export const django: Preset = { framework: 'django', title: 'Django', detect, describe };

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const manage = await repository.readText('manage.py');
  if (manage === undefined) return inFolder(repository);
  const project = await pythonProject(repository);
  const isDjango = /DJANGO_SETTINGS_MODULE/.test(manage);
  if (isDjango && project.packages.has('django')) return { framework: 'django', certainty: 'certain', reason: 'manage.py names Django settings and Django is among the packages.' };
  if (isDjango) return { framework: 'django', certainty: 'likely', reason: 'manage.py names Django settings, but Django is not among the declared packages.' };
  if (project.packages.has('django')) return { framework: 'django', certainty: 'unsure', reason: 'Django is among the packages, but manage.py names no settings.' };
  return undefined;
}

/** A project below the root is shown, not taken: the admin sets `root`. */
async function inFolder(repository: RepositoryView): Promise<Detection | undefined> {
  const folders = (await repository.list('')).filter((name) => name.endsWith('/')).slice(0, 50);
  for (const folder of folders) {
    if (/DJANGO_SETTINGS_MODULE/.test((await repository.readText(`${folder}manage.py`)) ?? '')) {
      const root = folder.slice(0, -1).slice(0, 100);
      return { framework: 'django', certainty: 'unsure', reason: `${root}/manage.py is a Django project below the root: set root: ${root}.` };
    }
  }
  return undefined;
}

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const project = await pythonProject(repository);
  const django = await djangoProject(repository);
  const extra = missingServers(project, django);
  const health = healthPathIn(django.urls);
  const usesPytest = await isPytestConfigured(repository, project);
  const python = '.venv/bin/python';
  return {
    framework: 'django',
    ...pythonParts(project, { extra: [] }),
    dockerfile: djangoDockerfile({ project, extra, django, variables: behindProxy }),
    stages: {
      build: `${python} manage.py check`,
      migrate: `${python} manage.py migrate --noinput`,
      test: usesPytest ? pytestCommand : `${python} manage.py test --noinput`,
    },
    release: { migrate: 'python manage.py migrate --noinput', web: undefined, port: 8000, healthPath: health ?? '/', variables: {} },
    notes: [...project.notes, ...notesOf(project, django, { extra, health })],
  };
}

function missingServers(project: PythonProject, django: DjangoProject): string[] {
  const servers = project.appPackages.has('gunicorn') ? [] : [gunicorn];
  const isAsync = project.appPackages.has('channels') && django.asgiModule !== undefined;
  return isAsync && !project.appPackages.has('uvicorn') ? [...servers, uvicorn] : servers;
}

function notesOf(project: PythonProject, django: DjangoProject, found: { extra: string[]; health: string | undefined }): string[] {
  const notes: string[] = [];
  if (django.settingsModule === undefined) notes.push('manage.py names no settings module: set DJANGO_SETTINGS_MODULE.');
  if (django.wsgiModule === undefined) notes.push('No wsgi.py was found beside the settings: set processes.web.run.');
  if (found.extra.length > 0) notes.push(`${found.extra.join(' and ')} is installed in the image, since the app does not name a server. Add it to the app's packages.`);
  if (!django.hasStaticRoot) notes.push('STATIC_ROOT is not set, so static files are not collected.');
  else if (!project.appPackages.has('whitenoise')) notes.push('Static files are collected, but Django does not serve them in production: add whitenoise.');
  notes.push(found.health ? `Health path ${found.health} was found in urls.py.` : 'No health route was found in urls.py: "/" is asked. Set processes.web.health.path for a better check.');
  notes.push('ALLOWED_HOSTS must hold the domain; the health check asks with it.');
  if (/ENGINE["']\s*:\s*["']django\.db\.backends\.sqlite3/.test(django.settings)) {
    notes.push('The settings name SQLite: its file is lost with each release unless it is on a volume. Use the database that DATABASE_URL names.');
  }
  return notes;
}

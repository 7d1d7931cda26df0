import { pythonDockerfile, venv, type PythonImage } from '../python/dockerfile.ts';
import type { DjangoProject } from './settings.ts';

export interface DjangoImage extends Pick<PythonImage, 'project' | 'extra' | 'variables'> {
  django: DjangoProject;
}

/** Image of a Django project: static files collected in the build, gunicorn in front. */
export function djangoDockerfile({ project, extra, variables, django }: DjangoImage): string {
  return pythonDockerfile({
    project,
    extra,
    variables: { WEB_CONCURRENCY: '2', ...variables },
    build: django.hasStaticRoot ? collectStatic(django.requiredVariables) : undefined,
    start: { words: gunicornCommand(django, project.appPackages.has('channels')) },
    port: 8000,
    writable: [],
  });
}

/** gunicorn listens on all addresses at PORT by itself; its heartbeat files are kept in memory. */
function gunicornCommand({ wsgiModule, asgiModule }: DjangoProject, isAsync: boolean): string[] {
  const base = ['gunicorn', '--worker-tmp-dir', '/dev/shm', '--access-logfile', '-'];
  if (isAsync && asgiModule) return [...base, '--worker-class', 'uvicorn.workers.UvicornWorker', `${asgiModule}:application`];
  return [...base, `${wsgiModule ?? 'config.wsgi'}:application`];
}

/** The settings get stand-in values for this one command, since production's are not there in a build and must not be. */
function collectStatic(variables: string[]): string {
  const values = variables.map((name) => `${name}=${standIn(name)}`);
  return `${values.join(' ')} ${venv}/bin/python manage.py collectstatic --noinput`;
}

function standIn(name: string): string {
  if (/REDIS.*URL$/i.test(name)) return 'redis://localhost:6379/0';
  if (/(DATABASE|DB).*URL$/i.test(name)) return 'postgres://build:build@localhost:5432/build';
  if (/URL$/i.test(name)) return 'http://localhost';
  if (/PORT$/i.test(name)) return '5432';
  if (/^(DJANGO_)?DEBUG$/i.test(name)) return '0';
  return 'only-for-the-build';
}

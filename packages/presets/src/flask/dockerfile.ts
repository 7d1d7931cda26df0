import { pythonDockerfile, type PythonImage } from '../python/dockerfile.ts';

/** Image of a Flask app: gunicorn, which listens on all addresses at PORT by itself. */
export function flaskDockerfile(image: Pick<PythonImage, 'project' | 'extra' | 'variables'> & { app: string }): string {
  return pythonDockerfile({
    ...image,
    variables: { WEB_CONCURRENCY: '2', ...image.variables },
    build: undefined,
    start: { words: ['gunicorn', '--worker-tmp-dir', '/dev/shm', '--access-logfile', '-', image.app] },
    port: 8000,
    writable: [],
  });
}

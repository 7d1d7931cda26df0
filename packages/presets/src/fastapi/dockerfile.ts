import { pythonDockerfile, type PythonImage } from '../python/dockerfile.ts';

/** Image of a FastAPI app: one uvicorn process; more are more instances. */
export function fastapiDockerfile(image: Pick<PythonImage, 'project' | 'extra' | 'variables'> & { app: string; isFactory: boolean }): string {
  const factory = image.isFactory ? ' --factory' : '';
  return pythonDockerfile({
    ...image,
    build: undefined,
    start: { shell: `exec uvicorn ${image.app}${factory} --host 0.0.0.0 --port "$PORT"` },
    port: 8000,
    writable: [],
  });
}

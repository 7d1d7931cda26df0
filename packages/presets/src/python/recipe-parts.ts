import type { AppRecipe } from '../recipe.ts';
import { pythonIgnore } from '../image/ignore.ts';
import { installerVariables, pythonCaches } from './dockerfile.ts';
import { installCommand } from './install-command.ts';
import type { PythonProject } from './project.ts';

/** Versions of the servers that are put into an image when the app names none. */
export const gunicorn = 'gunicorn==27.0.1';
export const uvicorn = 'uvicorn==0.54.0';

type Parts = Pick<AppRecipe, 'toolchain' | 'runtime' | 'ignore' | 'dependencies' | 'caches' | 'variables'>;

/** What is the same in the recipes of all Python apps. */
export function pythonParts(project: PythonProject, options: { extra: readonly string[]; variables?: Record<string, string> }): Parts {
  const version = project.version === undefined ? {} : { version: project.version };
  return {
    toolchain: { kind: 'python', ...version },
    runtime: { kind: 'python', ...version, slim: true },
    ignore: pythonIgnore,
    dependencies: {
      keyFiles: [...new Set([...project.files, ...project.testFiles])].sort(),
      run: installCommand(project, { venv: '.venv', tests: true, extra: options.extra }),
    },
    caches: pythonCaches(project),
    variables: { CI: '1', PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1', ...installerVariables, ...options.variables },
  };
}

/** The app is only reached through the proxy, which says how the visitor came. */
export const behindProxy = { FORWARDED_ALLOW_IPS: '*' };

import {
  buildMark, commandLine, copyOwned, dockerfileOf, environmentLine, imageArguments, installMark, runWithCaches, workStage, writableFolders,
} from '../image/parts.ts';
import type { ContainerCommand } from '../javascript/script-command.ts';
import { installCommand } from './install-command.ts';
import type { PythonProject } from './project.ts';

export interface PythonImage {
  project: PythonProject;
  /** Requirements that the app does not declare but needs to run. */
  extra: readonly string[];
  /** Command that builds something into the code's folder; undefined: the code runs as it is. */
  build: string | undefined;
  start: ContainerCommand;
  port: number;
  variables: Record<string, string>;
  writable: string[];
}

/** Download caches of the installers that a project uses. */
export function pythonCaches({ manager }: PythonProject): Record<string, string> {
  const pip = { pip: '/home/app/.pip-cache' };
  if (manager === 'uv') return { ...pip, uv: '/home/app/.uv-cache' };
  return manager === 'poetry' ? { ...pip, poetry: '/home/app/.poetry-cache' } : pip;
}

export const installerVariables = {
  PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_CACHE_DIR: '/home/app/.pip-cache', UV_CACHE_DIR: '/home/app/.uv-cache', POETRY_CACHE_DIR: '/home/app/.poetry-cache',
};

export const venv = '/opt/venv';

/** Image of a Python app: a virtual environment made from nothing but what declares it, and the code. */
export function pythonDockerfile(image: PythonImage): string {
  const { build, port, variables } = image;
  return dockerfileOf(
    imageArguments,
    dependencyStage(image),
    build !== undefined && ['', 'FROM dependencies AS build', copyOwned(['.'], './'), buildMark, runWithCaches({}, build)].join('\n'),
    '',
    'FROM ${RUNTIME}',
    'WORKDIR /app',
    `COPY --chown=0:0 --from=dependencies ${venv} ${venv}`,
    build === undefined ? 'COPY . ./' : 'COPY --chown=0:0 --from=build /app ./',
    writableFolders(image.writable),
    environmentLine({ HOME: '/home/app', PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1', PORT: String(port), ...variables, PATH: `${venv}/bin:\${PATH}` }),
    'USER 10001:10001',
    `EXPOSE ${port}`,
    commandLine(image.start),
  );
}

function dependencyStage({ project, extra }: PythonImage): string {
  const folders = new Set(project.files.map((path) => path.slice(0, path.lastIndexOf('/') + 1)));
  const copies = [...folders].map((folder) => copyOwned(project.files.filter((path) => path.slice(0, path.lastIndexOf('/') + 1) === folder), `./${folder}`));
  return dockerfileOf(
    workStage('dependencies', installerVariables),
    ['USER root', `RUN install -d -o 10001 -g 10001 ${venv}`, 'USER 10001:10001'].join('\n'),
    ...(project.needsTree ? [copyOwned(['.'], './')] : project.files.length > 0 ? copies : []),
    installMark,
    runWithCaches(pythonCaches(project), installCommand(project, { venv, tests: false, extra })),
  ).trimEnd();
}

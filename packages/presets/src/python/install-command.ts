import { quoteWord } from '../reading/safe-name.ts';
import type { PythonProject } from './project.ts';

export interface InstallWish {
  /** Folder of the virtual environment. */
  venv: string;
  /** With what tests need. */
  tests: boolean;
  /** Requirements that the app does not declare but needs to run. */
  extra: readonly string[];
}

/** Versions of the installers, which are no part of the app. */
const uvVersion = '0.13.9';
const poetryVersion = '2.5.1';

/** Makes a virtual environment with an app's packages, for a shell in its folder. */
export function installCommand(project: PythonProject, { venv, tests, extra }: InstallWish): string {
  const pip = `${venv}/bin/pip install --no-input`;
  const commands = [`python3 -m venv ${venv}`, ...packagesCommands(project, { venv, tests, pip })];
  if (extra.length > 0) commands.push(`${pip} ${extra.map((text) => quoteWord(text)).join(' ')}`);
  return commands.join(' && ');
}

function packagesCommands(project: PythonProject, { venv, tests, pip }: { venv: string; tests: boolean; pip: string }): string[] {
  switch (project.manager) {
    case 'uv':
      return [
        ...installer(`uv==${uvVersion}`),
        `VIRTUAL_ENV="$(cd ${venv} && pwd)" UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 /tmp/installer/bin/uv sync --frozen --active --inexact --no-install-project${tests ? '' : ' --no-dev'}`,
      ];
    case 'poetry':
      return [
        ...installer(`poetry==${poetryVersion}`),
        `VIRTUAL_ENV="$(cd ${venv} && pwd)" /tmp/installer/bin/poetry install --no-root --no-interaction${tests ? '' : ' --only main'}`,
      ];
    case 'requirements': {
      const files = tests ? [...project.files.slice(0, 1), ...project.testFiles.slice(0, 1)] : project.files.slice(0, 1);
      return [`${pip} ${files.map((file) => `-r ${file}`).join(' ')}`, ...(tests ? listed(pip, project.testRequirements) : [])];
    }
    case 'pyproject':
      return listed(pip, tests ? [...project.requirements, ...project.testRequirements] : project.requirements);
    case 'none':
      return [];
  }
}

/** uv and Poetry live outside of the app's environment. */
function installer(requirement: string): string[] {
  return ['python3 -m venv /tmp/installer', `/tmp/installer/bin/pip install --no-input ${requirement}`];
}

function listed(pip: string, requirements: string[]): string[] {
  const words = requirements.map(quoteWord).filter((word) => word !== undefined).slice(0, 500);
  return words.length === 0 ? [] : [`${pip} ${words.join(' ')}`];
}

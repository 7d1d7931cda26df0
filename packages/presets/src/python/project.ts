import type { RepositoryView } from '../recipe.ts';
import { readToml } from '../reading/parsed.ts';
import { memberOf, recordOf, textsOf } from '../reading/plain.ts';
import { pythonVersion } from './python-version.ts';
import { readRequirements, requirementName, requirementNames } from './requirements.ts';

export type PythonManager = 'requirements' | 'uv' | 'poetry' | 'pyproject' | 'none';

/** How a Python app's packages are declared. */
export interface PythonProject {
  manager: PythonManager;
  /** Files that decide what is installed for the app. */
  files: string[];
  /** Further files that decide what tests need (requirement files). */
  testFiles: string[];
  /** Requirements written in pyproject.toml, for installing without a lockfile. */
  requirements: string[];
  testRequirements: string[];
  /** All names, normalized, also those only for tests. */
  packages: Set<string>;
  /** Names that the deployed app gets. */
  appPackages: Set<string>;
  needsTree: boolean;
  pyproject: unknown;
  version: string | undefined;
  notes: string[];
}

const testRequirementFiles = [
  'requirements-dev.txt', 'requirements-test.txt', 'dev-requirements.txt', 'test-requirements.txt', 'requirements_dev.txt', 'requirements_test.txt',
  'requirements/dev.txt', 'requirements/test.txt', 'requirements/development.txt', 'requirements/local.txt',
];
const appRequirementFiles = ['requirements.txt', 'requirements/production.txt', 'requirements/prod.txt', 'requirements/base.txt'];

export async function pythonProject(repository: RepositoryView): Promise<PythonProject> {
  const parsed = await readToml(repository, 'pyproject.toml');
  const { version, notes } = await pythonVersion(repository, parsed?.value);
  if (parsed?.problem) notes.push(parsed.problem);
  const declared = declaredIn(parsed?.value);
  const found = { pyproject: parsed?.value, version, notes, needsTree: false, testFiles: [], ...declared };
  if (await repository.exists('uv.lock')) return { ...found, manager: 'uv', files: ['pyproject.toml', 'uv.lock'] };
  if (await repository.exists('poetry.lock')) return { ...found, manager: 'poetry', files: ['pyproject.toml', 'poetry.lock'] };
  const appFile = await firstExisting(repository, appRequirementFiles);
  if (appFile) return byRequirements(repository, appFile, found);
  if (await repository.exists('Pipfile')) notes.push('Pipenv is not read: write requirements.txt with "pipenv requirements".');
  if (declared.requirements.length > 0) {
    notes.push('There is no lockfile: each install may bring other versions. Commit uv.lock, poetry.lock or a requirements.txt with exact versions.');
    return { ...found, manager: 'pyproject', files: ['pyproject.toml'] };
  }
  notes.push('No packages are declared: neither requirements.txt nor dependencies in pyproject.toml.');
  return { ...found, manager: 'none', files: [] };
}

async function byRequirements(repository: RepositoryView, appFile: string, found: Omit<PythonProject, 'manager' | 'files'>): Promise<PythonProject> {
  const app = await readRequirements(repository, [appFile]);
  const testFile = await firstExisting(repository, testRequirementFiles);
  const tests = testFile ? await readRequirements(repository, [testFile]) : undefined;
  const testRequirements = found.testRequirements.filter((text) => tests === undefined || !tests.packages.has(requirementName(text)!));
  return {
    ...found,
    manager: 'requirements',
    files: app.files,
    testFiles: tests?.files ?? [],
    requirements: [],
    testRequirements,
    packages: new Set([...app.packages, ...(tests?.packages ?? []), ...namesOf(testRequirements)]),
    appPackages: app.packages,
    needsTree: app.needsTree,
  };
}

/** Requirements by pyproject.toml: PEP 621, PEP 735 groups and Poetry's own tables. */
function declaredIn(pyproject: unknown) {
  const requirements = textsOf(memberOf(pyproject, 'project', 'dependencies'));
  const testRequirements = ['dev', 'test', 'tests', 'testing'].flatMap((group) => [
    ...textsOf(memberOf(pyproject, 'project', 'optional-dependencies', group)),
    ...textsOf(memberOf(pyproject, 'dependency-groups', group)),
  ]);
  const poetry = Object.keys(recordOf(memberOf(pyproject, 'tool', 'poetry', 'dependencies'))).filter((name) => name !== 'python');
  const poetryTests = ['dev', 'test'].flatMap((group) => Object.keys(recordOf(memberOf(pyproject, 'tool', 'poetry', 'group', group, 'dependencies'))));
  const appPackages = new Set(namesOf([...requirements, ...poetry]));
  return { requirements, testRequirements, appPackages, packages: new Set([...appPackages, ...namesOf([...testRequirements, ...poetryTests])]) };
}

function namesOf(requirements: string[]): string[] {
  return requirements.flatMap(requirementNames);
}

async function firstExisting(repository: RepositoryView, paths: string[]): Promise<string | undefined> {
  const found = await Promise.all(paths.map((path) => repository.exists(path)));
  return paths[found.indexOf(true)];
}

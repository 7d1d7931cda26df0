import type { RepositoryView } from '../recipe.ts';
import { isPlainPath } from '../reading/safe-name.ts';
import { matchLines } from '../reading/search.ts';
import { type Manifest, scriptOf } from './manifest.ts';
import type { PackageManager } from './package-manager.ts';

/** What an install reads: it must be there before it, and a change of it asks for a new install. */
export interface InstallInputs {
  /** Files, as paths in the repository. */
  files: string[];
  /** Folders, whole. */
  folders: string[];
  /** The repository holds several packages, so all is installed and kept as one tree. */
  isWorkspace: boolean;
}

/** Most packages of one repository and most files of one folder that are looked at. */
const maxPackages = 200;
const maxFolderFiles = 200;
const maxFolders = 50;

export async function installInputs(repository: RepositoryView, manifest: Manifest, manager: PackageManager): Promise<InstallInputs> {
  const packages = await workspacePackages(repository, manifest);
  const always = ['package.json', ...manager.files, '.npmrc', '.yarnrc', '.yarnrc.yml', 'pnpm-workspace.yaml', '.pnpmfile.cjs'];
  const files = new Set(await existing(repository, [...always, ...packages.map((folder) => `${folder}/package.json`)]));
  const folders = new Set(await existing(repository, ['patches', '.yarn/patches', '.yarn/releases', '.yarn/plugins', 'prisma']));
  for (const path of await pathsInScripts(repository, manifest)) {
    const parent = path.includes('/') ? path.slice(0, path.indexOf('/')) : undefined;
    if (parent === undefined) files.add(path);
    else folders.add(parent);
  }
  return { files: [...files], folders: [...folders], isWorkspace: packages.length > 0 };
}

/** The same inputs as files only, for the key of a cached install. */
export async function keyFilesOf(repository: RepositoryView, inputs: InstallInputs): Promise<string[]> {
  const files = [...inputs.files];
  for (const folder of inputs.folders) files.push(...(await filesUnder(repository, folder)));
  return [...new Set(files)].sort();
}

/** Scripts that run by themselves at an install may name files of the repository. */
async function pathsInScripts(repository: RepositoryView, manifest: Manifest): Promise<string[]> {
  const scripts = ['preinstall', 'install', 'postinstall', 'prepare'].map((name) => scriptOf(manifest, name) ?? '');
  const words = scripts.join(' ').split(/[\s"'=;&|()]+/).map((word) => word.replace(/^\.\//, ''));
  const candidates = words.filter((word) => isPlainPath(word) && !word.startsWith('node_modules'));
  const withEndings = candidates.flatMap((word) => [word, `${word}.js`, `${word}.mjs`, `${word}.cjs`]);
  return existing(repository, [...new Set(withEndings)].slice(0, 100));
}

async function workspacePackages(repository: RepositoryView, manifest: Manifest): Promise<string[]> {
  const pnpmPatterns = matchLines(await repository.readText('pnpm-workspace.yaml'), /^\s+-\s+['"]?([\w@./*-]{1,100})['"]?\s*$/).map((match) => match[1]!);
  const folders: string[] = [];
  for (const pattern of [...manifest.workspaces, ...pnpmPatterns].slice(0, 50)) {
    const plain = pattern.replace(/^\.\//, '').replace(/\/+$/, '');
    const parent = plain.match(/^([^*]+)\/\*{1,2}$/)?.[1];
    const found = parent === undefined ? [plain] : (await repository.list(parent)).filter((entry) => entry.endsWith('/')).map((entry) => `${parent}/${entry.slice(0, -1)}`);
    folders.push(...found.filter(isPlainPath));
  }
  const withManifest = await existing(repository, folders.slice(0, maxPackages).map((folder) => `${folder}/package.json`));
  return withManifest.map((path) => path.slice(0, -'/package.json'.length));
}

async function filesUnder(repository: RepositoryView, folder: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [folder];
  for (let next = 0; next < Math.min(folders.length, maxFolders) && files.length < maxFolderFiles; next += 1) {
    for (const entry of await repository.list(folders[next]!)) {
      if (entry.endsWith('/')) folders.push(`${folders[next]}/${entry.slice(0, -1)}`);
      else files.push(`${folders[next]}/${entry}`);
    }
  }
  return files.slice(0, maxFolderFiles);
}

async function existing(repository: RepositoryView, paths: string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => repository.exists(path)));
  return paths.filter((_, index) => found[index]);
}

import type { AppRecipe, RepositoryView } from '../recipe.ts';
import { nodeIgnore } from '../image/ignore.ts';
import { type InstallInputs, installInputs, keyFilesOf } from './install-inputs.ts';
import { type Manifest, emptyManifest, readManifest, scriptOf, testScriptOf, uses } from './manifest.ts';
import { nodeVersion } from './node-version.ts';
import { type PackageManager, packageManager } from './package-manager.ts';

/** What every app with a package.json has in common. */
export interface JavascriptApp {
  manifest: Manifest;
  manager: PackageManager;
  inputs: InstallInputs;
  version: string | undefined;
  /** Command that builds; the script `build`, or what stands for it. */
  build: string | undefined;
  /** The parts of a recipe that are the same for all of them. */
  parts: Pick<AppRecipe, 'toolchain' | 'ignore' | 'dependencies' | 'caches' | 'variables'>;
  test: string | undefined;
  notes: string[];
}

export async function javascriptApp(repository: RepositoryView): Promise<JavascriptApp> {
  const manifest = (await readManifest(repository)) ?? emptyManifest;
  const manager = await packageManager(repository, manifest);
  const inputs = await installInputs(repository, manifest, manager);
  const { version, notes } = await nodeVersion(repository, manifest);
  const generate = uses(manifest, 'prisma') && (await repository.exists('prisma')) ? 'node_modules/.bin/prisma generate' : undefined;
  const script = scriptOf(manifest, 'build') === undefined ? undefined : manager.run('build');
  return {
    manifest,
    manager,
    inputs,
    version,
    build: generate && script ? `${generate} && ${script}` : (script ?? generate),
    parts: {
      toolchain: { kind: 'node', ...(version && { version }) },
      ignore: nodeIgnore,
      dependencies: { keyFiles: await keyFilesOf(repository, inputs), run: manager.install },
      caches: manager.caches,
      variables: { CI: '1', ...manager.variables },
    },
    test: testScriptOf(manifest) === undefined ? undefined : manager.run('test'),
    notes: [manifest.problem, ...notes, ...manager.notes].filter((note) => note !== undefined),
  };
}

export const noTestNote = 'No tests were found: the stage "test" has nothing to run.';

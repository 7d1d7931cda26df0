import type { RepositoryView } from '../recipe.ts';
import { readJson } from '../reading/parsed.ts';
import { memberOf, recordOf, textOf, textRecordOf, textsOf } from '../reading/plain.ts';

/** What a package.json says, as far as presets use it. */
export interface Manifest {
  name: string | undefined;
  main: string | undefined;
  scripts: Record<string, string>;
  dependencies: Set<string>;
  devDependencies: Set<string>;
  /** Range of Node versions. */
  engine: string | undefined;
  /** Such as `pnpm@9.1.0`. */
  packageManager: string | undefined;
  /** Patterns of folders with packages of their own. */
  workspaces: string[];
  /** Why nothing could be read of a file that is there. */
  problem: string | undefined;
}

/** Reads package.json; undefined where there is none. */
export async function readManifest(repository: RepositoryView): Promise<Manifest | undefined> {
  const parsed = await readJson(repository, 'package.json');
  if (!parsed) return undefined;
  const value = recordOf(parsed.value);
  const notAnObject = parsed.problem === undefined && value !== parsed.value ? 'package.json is not an object.' : undefined;
  const workspaces = memberOf(value, 'workspaces');
  return {
    name: textOf(memberOf(value, 'name')),
    main: textOf(memberOf(value, 'main')),
    scripts: textRecordOf(memberOf(value, 'scripts')),
    dependencies: new Set(Object.keys(recordOf(memberOf(value, 'dependencies')))),
    devDependencies: new Set(Object.keys(recordOf(memberOf(value, 'devDependencies')))),
    engine: textOf(memberOf(value, 'volta', 'node')) ?? textOf(memberOf(value, 'engines', 'node')),
    packageManager: textOf(memberOf(value, 'packageManager')),
    workspaces: textsOf(Array.isArray(workspaces) ? workspaces : memberOf(workspaces, 'packages')),
    problem: parsed.problem ?? notAnObject,
  };
}

/** A manifest with nothing in it, for repositories without (readable) package.json. */
export const emptyManifest: Manifest = {
  name: undefined,
  main: undefined,
  scripts: {},
  dependencies: new Set(),
  devDependencies: new Set(),
  engine: undefined,
  packageManager: undefined,
  workspaces: [],
  problem: undefined,
};

/** A script that the project wrote itself; a name from the prototype or an empty one is none. */
export function scriptOf(manifest: Manifest, name: string): string | undefined {
  const script = Object.hasOwn(manifest.scripts, name) ? manifest.scripts[name] : undefined;
  return script?.trim() ? script : undefined;
}

export function uses(manifest: Manifest, ...packages: string[]): boolean {
  return packages.some((name) => manifest.dependencies.has(name) || manifest.devDependencies.has(name));
}

/** `npm init` writes a test script that only fails; it is none. */
export function testScriptOf(manifest: Manifest): string | undefined {
  const script = scriptOf(manifest, 'test');
  return script?.includes('no test specified') ? undefined : script;
}

import type { RepositoryView } from '../recipe.ts';
import { readToml } from '../reading/parsed.ts';
import { memberOf, recordOf, textOf, textsOf } from '../reading/plain.ts';
import { firstWord } from '../reading/search.ts';

/** What Cargo.toml and the tree say. */
export interface Crate {
  /** Files of all packages that decide about dependencies. */
  manifests: string[];
  /** Names of all programs. */
  programs: string[];
  /** `default-run`, if any. */
  defaultProgram: string | undefined;
  dependencies: Set<string>;
  version: string | undefined;
  /** Source with main, of the first package that has one. */
  mainFile: string | undefined;
  isWorkspace: boolean;
  notes: string[];
}

const maxMembers = 50;

export async function crateOf(repository: RepositoryView): Promise<Crate | undefined> {
  const root = await readToml(repository, 'Cargo.toml');
  if (!root) return undefined;
  const { version, notes } = await rustVersion(repository);
  if (root.problem) notes.push(root.problem);
  const crate: Crate = {
    manifests: ['Cargo.toml'], programs: [], defaultProgram: textOf(memberOf(root.value, 'package', 'default-run')), dependencies: new Set(), version,
    mainFile: undefined, isWorkspace: memberOf(root.value, 'workspace', 'members') !== undefined, notes,
  };
  await addPackage(repository, crate, { folder: '', manifest: root.value });
  for (const folder of await memberFolders(repository, textsOf(memberOf(root.value, 'workspace', 'members')))) {
    const member = await readToml(repository, `${folder}Cargo.toml`);
    if (!member) continue;
    crate.manifests.push(`${folder}Cargo.toml`);
    await addPackage(repository, crate, { folder, manifest: member.value });
  }
  return crate;
}

async function addPackage(repository: RepositoryView, crate: Crate, { folder, manifest }: { folder: string; manifest: unknown }): Promise<void> {
  for (const name of Object.keys(recordOf(memberOf(manifest, 'dependencies')))) crate.dependencies.add(name);
  const name = textOf(memberOf(manifest, 'package', 'name'));
  if (name === undefined) return;
  const named = memberOf(manifest, 'bin');
  const bins = (Array.isArray(named) ? named : []).map((bin) => ({ name: textOf(memberOf(bin, 'name')), path: textOf(memberOf(bin, 'path')) }));
  const files = (await repository.list(`${folder}src/bin`)).map((file) => file.replace(/(\.rs|\/)$/, ''));
  const hasMain = await repository.exists(`${folder}src/main.rs`);
  const found = [...bins.map((bin) => bin.name), ...(hasMain && !bins.some((bin) => bin.path === 'src/main.rs') ? [name] : []), ...files];
  for (const program of found) if (program && /^[\w-]{1,64}$/.test(program) && !crate.programs.includes(program)) crate.programs.push(program);
  if (hasMain) crate.mainFile ??= `${folder}src/main.rs`;
}

async function memberFolders(repository: RepositoryView, patterns: string[]): Promise<string[]> {
  const folders: string[] = [];
  for (const pattern of patterns.slice(0, maxMembers)) {
    if (!pattern.endsWith('/*')) folders.push(`${pattern.replace(/\/$/, '')}/`);
    else {
      const parent = pattern.slice(0, -1);
      const entries = (await repository.list(parent.slice(0, -1))).filter((entry) => entry.endsWith('/'));
      folders.push(...entries.map((entry) => parent + entry));
    }
  }
  return folders.filter((folder) => /^[\w./-]{1,200}$/.test(folder)).slice(0, maxMembers);
}

async function rustVersion(repository: RepositoryView): Promise<{ version: string | undefined; notes: string[] }> {
  const toml = await readToml(repository, 'rust-toolchain.toml');
  const channel = textOf(memberOf(toml?.value, 'toolchain', 'channel')) ?? firstWord(await repository.readText('rust-toolchain'));
  const version = channel?.match(/^(1\.\d{1,3})(\.\d{1,3})?$/)?.[0];
  if (version || channel === undefined || channel === 'stable') return { version, notes: [] };
  return { version: undefined, notes: [`The Rust toolchain "${channel.slice(0, 40)}" is not offered: the stable one is used.`] };
}

/** The program that is the web process; undefined: ask. */
export function webProgram(crate: Crate): string | undefined {
  if (crate.programs.length === 1) return crate.programs[0];
  if (crate.defaultProgram && crate.programs.includes(crate.defaultProgram)) return crate.defaultProgram;
  const named = crate.programs.filter((name) => /^(server|web|api|app|http)$|-(server|web|api)$/.test(name));
  return named.length === 1 ? named[0] : undefined;
}

import type { RepositoryView } from '../recipe.ts';
import { isPlainPath } from '../reading/safe-name.ts';
import { linesOf, matchLine } from '../reading/search.ts';

/** What go.mod and the tree say. */
export interface GoModule {
  /** Last part of the module's path. */
  name: string | undefined;
  /** Such as `1.24`: the lowest that the module allows. */
  version: string | undefined;
  /** Paths of required modules. */
  requirements: Set<string>;
  /** Folders with a program: '.' or `cmd/shop`. */
  programs: string[];
  isVendored: boolean;
}

const maxPrograms = 50;

export async function goModule(repository: RepositoryView): Promise<GoModule | undefined> {
  const text = await repository.readText('go.mod');
  if (text === undefined) return undefined;
  const path = matchLine(text, /^module\s+"?([\w./~-]{1,200})"?/)?.[1];
  const requirements = linesOf(text).map((line) => line.match(/^(?:require\s+|\s+)([\w-]+\.[\w./~-]{1,200})\s+v\d/)?.[1]);
  return {
    name: path?.replace(/\/v\d+$/, '').split('/').pop(),
    version: matchLine(text, /^toolchain\s+go(1\.\d{1,3})/)?.[1] ?? matchLine(text, /^go\s+(1\.\d{1,3})/)?.[1],
    requirements: new Set(requirements.filter((name) => name !== undefined)),
    programs: await programsOf(repository),
    isVendored: await repository.exists('vendor/modules.txt'),
  };
}

async function programsOf(repository: RepositoryView): Promise<string[]> {
  const programs: string[] = [];
  if (await isProgram(repository, '')) programs.push('.');
  if (await isProgram(repository, 'cmd')) programs.push('cmd');
  for (const entry of (await repository.list('cmd')).slice(0, maxPrograms)) {
    const folder = `cmd/${entry.slice(0, -1)}`;
    if (entry.endsWith('/') && isPlainPath(folder) && (await isProgram(repository, folder))) programs.push(folder);
  }
  return programs;
}

async function isProgram(repository: RepositoryView, folder: string): Promise<boolean> {
  const prefix = folder === '' ? '' : `${folder}/`;
  const main = await repository.readText(`${prefix}main.go`);
  if (main !== undefined) return matchLine(main, /^package\s+main\b/) !== undefined;
  const others = (await repository.list(folder)).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go')).slice(0, 20);
  const texts = await Promise.all(others.map((name) => repository.readText(prefix + name)));
  return texts.some((text) => matchLine(text, /^package\s+main\b/) !== undefined && /func main\(\)/.test(text ?? ''));
}

/** Names that say which of several programs serves the web. */
const webNames = ['server', 'web', 'api', 'app', 'http', 'serve', 'httpd'];

/** The program that is the web process: the only one, or the one whose name says so; undefined: ask. */
export function webProgram(module: GoModule): string | undefined {
  if (module.programs.length === 1) return module.programs[0];
  const named = module.programs.filter((folder) => webNames.includes(folder.split('/').pop()!));
  if (named.length === 1) return named[0];
  return module.programs.find((folder) => folder.split('/').pop() === module.name);
}

/** Name of a program's file in the image. */
export function programName(module: GoModule, folder: string): string {
  const name = folder === '.' || folder === 'cmd' ? module.name : folder.split('/').pop();
  return name && isPlainPath(name) ? name : 'app';
}

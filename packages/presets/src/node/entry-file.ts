import type { RepositoryView } from '../recipe.ts';
import { isPlainPath } from '../reading/safe-name.ts';
import { matchLine, matchLines } from '../reading/search.ts';
import type { Manifest } from '../javascript/manifest.ts';

export interface SourceFile {
  path: string;
  text: string;
}

const maxImports = 30;

/** The source that the app begins with, and the files of the repository that it imports: where ports and routes stand. */
export async function entryFiles(repository: RepositoryView, manifest: Manifest, start: string): Promise<SourceFile[]> {
  const named = start.split(/[\s"']+/).filter((word) => /\.[cm]?[jt]s$/.test(word));
  const main = manifest.main ? [manifest.main] : [];
  const usual = ['server', 'app', 'index', 'main'].flatMap((name) => [`${name}.js`, `${name}.mjs`, `${name}.ts`, `src/${name}.ts`, `src/${name}.js`]);
  const entry = await firstFile(repository, [...named, ...main, ...sourcesOf([...named, ...main]), ...usual]);
  if (!entry) return [];
  const imports = matchLines(entry.text, /(?:from|import|require\()\s*["'](\.{1,2}\/[\w./-]{1,150})["']/).map((match) => match[1]!);
  const imported = await Promise.all(imports.slice(0, maxImports).map((name) => firstFile(repository, fileNames(entry.path, name))));
  return [entry, ...imported.filter((file) => file !== undefined)];
}

async function firstFile(repository: RepositoryView, paths: string[]): Promise<SourceFile | undefined> {
  for (const path of paths.map((word) => word.replace(/^\.\//, ''))) {
    const text = isPlainPath(path) ? await repository.readText(path) : undefined;
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

/** dist/main.js is mostly built from src/main.ts. */
function sourcesOf(paths: string[]): string[] {
  return paths.flatMap((path) => {
    const built = path.match(/^(?:\.\/)?(?:dist|build|lib|out)\/(?:src\/)?(.+)\.[cm]?js$/)?.[1];
    return built ? [`src/${built}.ts`, `src/${built}.js`] : [];
  });
}

/** Files that an import may mean: TypeScript is imported by the name of what it becomes, or without an ending. */
function fileNames(importer: string, name: string): string[] {
  const folder = importer.split('/').slice(0, -1);
  for (const part of name.split('/')) {
    if (part === '..') folder.pop();
    else if (part !== '.') folder.push(part);
  }
  const path = folder.join('/');
  return [path, path.replace(/\.js$/, '.ts'), `${path}.ts`, `${path}.js`, `${path}/index.ts`, `${path}/index.js`];
}

/** A port that the sources listen on whatever PORT says, and where it stands. */
export function fixedPort(files: SourceFile[]): { port: number; path: string } | undefined {
  if (files.some(({ text }) => /\bPORT\b/.test(text))) return undefined;
  for (const { path, text } of files) {
    const port = Number(matchLine(text, /\blisten\(\s*(?:\{\s*port:\s*)?(\d{2,5})\b/)?.[1]);
    if (port >= 1 && port <= 65_535) return { port, path };
  }
  return undefined;
}

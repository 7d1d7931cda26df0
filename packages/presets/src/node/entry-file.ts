import type { RepositoryView } from '../recipe.ts';
import { isPlainPath } from '../reading/safe-name.ts';
import { matchLine } from '../reading/search.ts';
import type { Manifest } from '../javascript/manifest.ts';

/** The source that the app begins with, when it is in the repository. */
export interface EntryFile {
  path: string;
  text: string;
}

/** The file that the start command or `main` names, or the source that it is built from. */
export async function entryFile(repository: RepositoryView, manifest: Manifest, start: string): Promise<EntryFile | undefined> {
  const named = start.split(/[\s"']+/).filter((word) => /\.[cm]?[jt]s$/.test(word));
  const main = manifest.main ? [manifest.main] : [];
  const usual = ['server', 'app', 'index', 'main'].flatMap((name) => [`${name}.js`, `${name}.mjs`, `${name}.ts`, `src/${name}.ts`, `src/${name}.js`]);
  for (const path of [...named, ...main, ...sourcesOf([...named, ...main]), ...usual].map((word) => word.replace(/^\.\//, ''))) {
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

/** A port that the source listens on whatever PORT says. */
export function fixedPortIn(text: string): number | undefined {
  if (/\bPORT\b/.test(text)) return undefined;
  const port = Number(matchLine(text, /\blisten\(\s*(?:\{\s*port:\s*)?(\d{2,5})\b/)?.[1]);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

import type { RepositoryView } from '../src/recipe.ts';

/** A repository written down as path → text. */
export function memoryView(files: Record<string, string>): RepositoryView {
  const paths = Object.keys(files);
  return {
    readText: async (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    exists: async (path) => Object.hasOwn(files, path) || paths.some((other) => other.startsWith(`${path}/`)),
    list: async (folder) => {
      const prefix = folder === '' ? '' : `${folder}/`;
      const below = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
      return [...new Set(below.map((path) => (path.includes('/') ? path.slice(0, path.indexOf('/') + 1) : path)))];
    },
  };
}

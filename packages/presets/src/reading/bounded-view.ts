import type { RepositoryView } from '../recipe.ts';

/** Longest text that is looked at; longer files count as absent, since no configuration or entry file is that long. */
export const maxTextBytes = 1024 * 1024;
/** Names of one folder that are looked at. */
export const maxFolderNames = 2_000;
/** Longest path that is asked for. */
const maxPathCharacters = 1_000;

/**
 * The view that presets work on: whatever the repository holds, it never throws, never gives more than a bounded
 * amount, asks the underlying view once a path and never asks for a path outside of the tree.
 */
export function boundedView(view: RepositoryView): RepositoryView {
  const texts = new Map<string, Promise<string | undefined>>();
  const folders = new Map<string, Promise<string[]>>();
  const found = new Map<string, Promise<boolean>>();
  return {
    readText: (path) => once(texts, path, async () => (isInside(path) ? shortText(await view.readText(path)) : undefined), undefined),
    exists: (path) => once(found, path, async () => isInside(path) && (await view.exists(path)), false),
    list: (folder) =>
      once(folders, folder, async () => (folder === '' || isInside(folder) ? (await view.list(folder)).slice(0, maxFolderNames).sort() : []), []),
  };
}

function once<T>(known: Map<string, Promise<T>>, path: string, read: () => Promise<T>, absent: T): Promise<T> {
  const before = known.get(path);
  if (before) return before;
  const reading = read().catch(() => absent);
  known.set(path, reading);
  return reading;
}

function isInside(path: string): boolean {
  if (path === '' || path.length > maxPathCharacters || path.startsWith('/') || path.includes('\0')) return false;
  return !path.split('/').includes('..');
}

function shortText(text: string | undefined): string | undefined {
  if (text === undefined || text.length > maxTextBytes) return undefined;
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

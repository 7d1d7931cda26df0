import type { RepositoryView } from '../recipe.ts';
import { firstWord } from '../reading/search.ts';
import { chooseFromRange, type VersionChoice } from '../versions/choose-version.ts';
import type { Manifest } from './manifest.ts';

/** Lines with long-term support first, then the others, newest first. */
const candidates = ['24', '22', '20', '26', '25', '23', '21', '18', '16'] as const;

/** Code names of long-term lines, which .nvmrc may give instead of a number. */
const codeNames: Record<string, string> = { krypton: '24', jod: '22', iron: '20', hydrogen: '18', gallium: '16' };

/** Node's version from .nvmrc, .node-version, or package.json's volta or engines. */
export async function nodeVersion(repository: RepositoryView, manifest: Manifest): Promise<VersionChoice> {
  for (const file of ['.nvmrc', '.node-version']) {
    const word = firstWord(await repository.readText(file));
    if (word === undefined) continue;
    const named = word.match(/^lts\/([a-z]{1,20})$/i)?.[1]?.toLowerCase();
    if (named && Object.hasOwn(codeNames, named)) return { version: codeNames[named]!, notes: [] };
    if (/^(lts\/\*|lts|node|stable|latest|current)$/i.test(word)) return { notes: [] };
    return chooseFromRange({ range: word, from: file, candidates });
  }
  if (manifest.engine === undefined) return { notes: [] };
  return chooseFromRange({ range: manifest.engine, from: 'package.json (engines.node)', candidates });
}

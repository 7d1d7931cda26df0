import { XMLParser } from 'fast-xml-parser';
import { parse as parseToml } from 'smol-toml';
import type { RepositoryView } from '../recipe.ts';

/** What became of reading a structured file: its value, or why there is none. */
export interface Parsed {
  value: unknown;
  /** Sentence for the admin when the file is there and cannot be read. */
  problem?: string;
}

export function readJson(repository: RepositoryView, path: string): Promise<Parsed | undefined> {
  return readParsed(repository, path, 'JSON', (text) => JSON.parse(text));
}

export function readToml(repository: RepositoryView, path: string): Promise<Parsed | undefined> {
  return readParsed(repository, path, 'TOML', (text) => parseToml(text, { maxDepth: 100 }));
}

/** XML as nested records; an element that occurs twice becomes an array. Entities of the document are not expanded. */
export function readXml(repository: RepositoryView, path: string): Promise<Parsed | undefined> {
  const parser = new XMLParser({ processEntities: false, parseTagValue: false, ignoreDeclaration: true });
  return readParsed(repository, path, 'XML', (text) => parser.parse(text, true));
}

async function readParsed(repository: RepositoryView, path: string, kind: string, parse: (text: string) => unknown): Promise<Parsed | undefined> {
  const text = await repository.readText(path);
  if (text === undefined) return undefined;
  try {
    return { value: parse(text) };
  } catch {
    return { value: undefined, problem: `${path} is not valid ${kind}.` };
  }
}

import type { RepositoryView } from '../recipe.ts';
import { memberOf, textOf } from '../reading/plain.ts';
import { firstWord } from '../reading/search.ts';
import { chooseFromRange, type VersionChoice } from '../versions/choose-version.ts';
import { pythonRange } from '../versions/python-range.ts';

/** The newest that nearly every package has wheels for comes first. */
const candidates = ['3.13', '3.12', '3.11', '3.14', '3.10', '3.9'] as const;

/** Python's version from .python-version, runtime.txt, or pyproject.toml (requires-python, Poetry's python). */
export async function pythonVersion(repository: RepositoryView, pyproject: unknown): Promise<VersionChoice> {
  for (const file of ['.python-version', 'runtime.txt']) {
    const word = firstWord(await repository.readText(file));
    const version = word?.match(/^(?:python-|cpython-)?(3\.\d{1,2})(?:\.\d{1,3})?$/i)?.[1];
    if (version) return { version, notes: [] };
    if (word !== undefined) return { notes: [`${file} says "${word.slice(0, 60)}", which is no version of Python 3: the default is used.`] };
  }
  const range = textOf(memberOf(pyproject, 'project', 'requires-python'));
  if (range !== undefined) return withoutPatch(chooseFromRange({ range: pythonRange(range), from: 'pyproject.toml (requires-python)', candidates }));
  const poetry = textOf(memberOf(pyproject, 'tool', 'poetry', 'dependencies', 'python'));
  if (poetry === undefined) return { notes: [] };
  return withoutPatch(chooseFromRange({ range: poetry.replaceAll(',', ' '), from: 'pyproject.toml (Poetry)', candidates }));
}

function withoutPatch(choice: VersionChoice): VersionChoice {
  const minor = choice.version?.match(/^3\.\d+/)?.[0];
  return minor ? { ...choice, version: minor } : { notes: choice.notes };
}

import semver from 'semver';

/** Which version of a language an app asks for, and where that was read. */
export interface VersionChoice {
  /** Left out: the image source's default. */
  version?: string;
  notes: string[];
}

export interface VersionRange {
  /** Range as its ecosystem writes it, already in npm's notation. */
  range: string;
  /** Where it was read, for notes. */
  from: string;
  /** Versions to choose from, the most wanted first. */
  candidates: readonly string[];
}

/** The most wanted version that a range allows; a range that cannot be read gives the default and a note. */
export function chooseFromRange({ range, from, candidates }: VersionRange): VersionChoice {
  const text = range.trim();
  if (text === '' || text === '*') return { notes: [] };
  const exact = text.match(/^[v=]*\s*(\d{1,3}(?:\.\d{1,3}){0,2})$/)?.[1];
  if (exact) return { version: exact, notes: [] };
  if (semver.validRange(text) === null) return { notes: [`${from} asks for "${text.slice(0, 60)}", which is no version range: the default is used.`] };
  const fitting = candidates.find((candidate) => allows(text, candidate));
  if (fitting) return { version: fitting, notes: [] };
  return { notes: [`${from} asks for "${text.slice(0, 60)}", and none of the known versions fits: the default is used.`] };
}

/** Whether some release of a line such as "22" or "3.12" satisfies the range. */
function allows(range: string, line: string): boolean {
  const wanted = /^\d+$/.test(line) ? `${line}.x` : `~${line}`;
  try {
    return semver.intersects(wanted, range);
  } catch {
    return false;
  }
}

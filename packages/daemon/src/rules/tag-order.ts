import { coerce, compare, parse, type SemVer } from 'semver';

/**
 * Orders tags, the lowest first: versions by semver (v1.10.0 after v1.9.0, v1.0.0-rc.1 before v1.0.0), above all that
 * are no versions; those by the numbers in their names.
 */
export function compareTags(a: string, b: string): number {
  const [left, right] = [versionOf(a), versionOf(b)];
  if (left && right) return compare(left, right) || natural(a, b);
  if (left || right) return left ? 1 : -1;
  return natural(a, b);
}

/** The highest first. */
export function sortTags(tags: Iterable<string>): string[] {
  return [...tags].sort((a, b) => compareTags(b, a));
}

function versionOf(tag: string): SemVer | undefined {
  const bare = tag.slice(tag.lastIndexOf('/') + 1);
  const strict = parse(bare, { loose: true });
  if (strict) return strict;
  // v1.4, release-2, app-1.2.3: what stands before the number is not part of the version.
  return /\d/.test(bare) ? (coerce(bare, { includePrerelease: true }) ?? undefined) : undefined;
}

const collator = new Intl.Collator('en', { numeric: true });

function natural(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

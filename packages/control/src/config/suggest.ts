import { distance } from 'fastest-levenshtein';

/** The candidate that a misspelled word most likely meant, or undefined when none is near. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = simplify(word);
  let best: string | undefined;
  // Half of a short word may not be wrong; of a long one three letters may.
  let bestDistance = Math.min(3, Math.floor(wanted.length / 2)) + 1;
  for (const candidate of candidates) {
    const away = difference(wanted, simplify(candidate));
    if (away < bestDistance) {
      best = candidate;
      bestDistance = away;
    }
  }
  return best;
}

/** Letters that changed places are one mistake, however many there are. */
function difference(one: string, other: string): number {
  if (one !== other && one.length === other.length && [...one].sort().join() === [...other].sort().join()) return 1;
  return distance(one, other);
}

/** Case and separators are no difference: `time-zone`, `time_zone` and `timeZone` are one word. */
function simplify(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '');
}

export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Larger texts are compared only by their whole lines' presence: the table for the exact way would be too big. */
const maxCells = 4_000_000;

/** The lines of two texts with what was removed and added, by their longest common subsequence. */
export function diffLines(before: string, after: string): DiffLine[] {
  const old = before.trimEnd().split('\n');
  const next = after.trimEnd().split('\n');
  if (old.length * next.length > maxCells) {
    const [known, wanted] = [new Set(old), new Set(next)];
    return [...old.filter((line) => !wanted.has(line)).map((text): DiffLine => ({ kind: 'removed', text })), ...next.filter((line) => !known.has(line)).map((text): DiffLine => ({ kind: 'added', text }))];
  }
  const common = commonLengths(old, next);
  const lines: DiffLine[] = [];
  let [at, to] = [0, 0];
  while (at < old.length || to < next.length) {
    if (at < old.length && to < next.length && old[at] === next[to]) {
      lines.push({ kind: 'same', text: old[at]! });
      at += 1;
      to += 1;
    } else if (at < old.length && (to >= next.length || common[at + 1]![to]! >= common[at]![to + 1]!)) {
      lines.push({ kind: 'removed', text: old[at]! });
      at += 1;
    } else {
      lines.push({ kind: 'added', text: next[to]! });
      to += 1;
    }
  }
  return lines;
}

/** How many lines are common from each pair of positions on. */
function commonLengths(old: readonly string[], next: readonly string[]): Uint16Array[] {
  const table = Array.from({ length: old.length + 1 }, () => new Uint16Array(next.length + 1));
  for (let at = old.length - 1; at >= 0; at -= 1) {
    for (let to = next.length - 1; to >= 0; to -= 1) {
      table[at]![to] = old[at] === next[to] ? table[at + 1]![to + 1]! + 1 : Math.max(table[at + 1]![to]!, table[at]![to + 1]!);
    }
  }
  return table;
}

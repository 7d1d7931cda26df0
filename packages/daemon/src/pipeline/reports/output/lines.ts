/** Lines after `start` until one that matches `end` or is empty, without the indentation of the first: what a runner says of a failure. */
export function linesUntil(lines: readonly string[], start: number, end: RegExp = /^\s*$/, maxLines = 20): string {
  const taken: string[] = [];
  for (let at = start; at < lines.length && taken.length < maxLines && !end.test(lines[at]!); at += 1) taken.push(lines[at]!);
  const indent = /^\s*/.exec(taken[0] ?? '')![0];
  return taken.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)).join('\n');
}

/** The first line from `start` on that matches, looking at most `within` lines ahead; −1 where none does. */
export function findLine(lines: readonly string[], start: number, pattern: RegExp, within = 50): number {
  for (let at = start; at < Math.min(lines.length, start + within); at += 1) if (pattern.test(lines[at]!)) return at;
  return -1;
}

import { problemMessage, type ConfigProblem, type ErrorProblem, type FilePlace } from '@redcontrol/contract';
import { isAlias, isMap, isPair, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair, type YAMLMap } from 'yaml';
import { suggest } from './suggest.ts';

export interface LocatedProblem extends ErrorProblem {
  at: FilePlace;
}

export interface LocateOptions {
  document: Document.Parsed;
  lines: LineCounter;
  fileName: string;
}

/** A problem with its line and column, and with the word that was likely meant. */
export function locateProblem(problem: ConfigProblem, { document, lines, fileName }: LocateOptions): LocatedProblem {
  const place = lines.linePos(offsetOf(problem, document));
  const meant = problem.misspelled && suggest(problem.misspelled.word, problem.misspelled.candidates);
  const hint = meant === undefined ? problem.hint : `Did you mean ${JSON.stringify(meant)}?`;
  return {
    message: problemMessage(problem),
    ...(hint === undefined ? {} : { hint }),
    at: { file: fileName, line: Math.max(1, place.line), column: Math.max(1, place.col) },
  };
}

/** Where the problem's key or value begins; of a missing value the nearest thing around it. */
function offsetOf(problem: ConfigProblem, document: Document.Parsed): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, part] of problem.path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const isLast = depth === problem.path.length - 1;
    if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = startOf(node) ?? offset;
      continue;
    }
    const pair = isMap(node) ? pairOf(node, String(part), document) : undefined;
    if (!pair) return offset;
    const keyOffset = startOf(pair.key) ?? offset;
    const isEmpty = isScalar(pair.value) && pair.value.value === null;
    offset = (isLast && problem.about === 'key') || isEmpty ? keyOffset : (startOf(pair.value) ?? keyOffset);
    // A mapping that lacks something is shown by its key, not by its first line.
    if (!isLast && (isMap(pair.value) || isSeq(pair.value)) && pair.value.flow !== true) offset = keyOffset;
    node = pair.value;
  }
  return offset;
}

/** The pair of a key, also where it comes by a merge (`<<: *name`), as far as merges are nested in earnest. */
function pairOf(map: YAMLMap, key: string, document: Document.Parsed, depth = 0): Pair | undefined {
  const own = map.items.find((item) => isPair(item) && keyText(item.key) === key);
  if (own || depth > 10) return own;
  for (const { key: mergeKey, value } of map.items) {
    if (!isScalar(mergeKey) || mergeKey.source !== '<<') continue;
    for (const merged of isSeq(value) ? value.items : [value]) {
      const target = isAlias(merged) ? merged.resolve(document) : merged;
      const found = isMap(target) ? pairOf(target, key, document, depth + 1) : undefined;
      if (found) return found;
    }
  }
  return undefined;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

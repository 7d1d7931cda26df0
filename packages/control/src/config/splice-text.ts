import { isCollection, isMap, isPair, isScalar, isSeq, type Document, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { renderInline, renderItem, renderPair } from './render-value.ts';

type Path = readonly (string | number)[];
type Ranged = { range?: [number, number, number] | null };

/**
 * The text of a YAML file with one change, every other character as it was. Undefined where that cannot be done by
 * cutting and pasting (anchors, values over several lines in odd places); the caller proves the result.
 */
export function spliceText(text: string, document: Document.Parsed, path: Path, value: unknown): string | undefined {
  if (path.length === 0) return undefined;
  const present = document.getIn(path, true) as (Node & Ranged) | undefined;
  if (value === undefined) return present === undefined ? text : removed(text, document, path);
  if (present === undefined) return added(text, document, path, value);
  if (isScalar(present) && present.source === '' && present.value === null) return filled(text, present, renderInline(value));
  return isCollection(present) && !present.flow ? undefined : replaced(text, present, renderInline(value));
}

function replaced(text: string, { range }: Ranged, rendered: string): string | undefined {
  return range ? text.slice(0, range[0]) + rendered + text.slice(range[1]) : undefined;
}

/** A value for a key that has none: right behind its colon, before spaces and a comment. */
function filled(text: string, { range }: Ranged, rendered: string): string | undefined {
  const colon = range ? text.lastIndexOf(':', range[0] - 1) : -1;
  return colon === -1 ? undefined : `${text.slice(0, colon + 1)} ${rendered}${text.slice(colon + 1)}`;
}

/** A new key or entry, behind the last one. Where the mapping above is missing too, it comes with it. */
function added(text: string, document: Document.Parsed, path: Path, value: unknown): string | undefined {
  const above = path.slice(0, -1);
  const last = path.at(-1)!;
  const holder = above.length === 0 ? document.contents : (document.getIn(above, true) as Node | undefined);
  if (holder === undefined || (isScalar(holder) && holder.value === null)) return spliceText(text, document, above, typeof last === 'number' ? [value] : { [last]: value });
  if (!isCollection(holder) || !holder.range) return undefined;
  if (holder.flow) return addedInline(text, holder, typeof last === 'number' ? renderInline(value) : `${renderInline(last)}: ${renderInline(value)}`);
  const end = lineEnd(text, endOfLast(holder));
  const indent = indentOf(text, holder);
  const line = isSeq(holder)
    ? renderItem(value, { indent, isInline: holder.items.some((item) => isCollection(item) && item.flow === true) })
    : renderPair(String(last), value, indent);
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  return text.slice(0, end) + lineBreak + line.replaceAll('\n', lineBreak) + text.slice(end);
}

function addedInline(text: string, holder: (YAMLMap | YAMLSeq) & Ranged, rendered: string): string | undefined {
  const [start, end] = holder.range!;
  const [open, close] = [text.charAt(start), text.charAt(end - 1)];
  if (holder.items.length === 0) return `${text.slice(0, start)}${open}${open === '{' ? ` ${rendered} ` : rendered}${close}${text.slice(end)}`;
  const last = endOfLast(holder);
  return `${text.slice(0, last)}, ${rendered}${text.slice(last)}`;
}

function removed(text: string, document: Document.Parsed, path: Path): string | undefined {
  const above = path.slice(0, -1);
  const holder = (above.length === 0 ? document.contents : document.getIn(above, true)) as ((YAMLMap | YAMLSeq) & Ranged) | undefined;
  if (!isCollection(holder)) return undefined;
  if (holder.items.length === 1) return isSeq(holder) && above.length > 0 ? removed(text, document, above) : undefined;
  const last = path.at(-1)!;
  const index = isMap(holder) ? holder.items.findIndex((pair) => isScalar(pair.key) && String(pair.key.value) === String(last)) : Number(last);
  const item = holder.items[index];
  if (item === undefined) return undefined;
  return holder.flow ? removedInline(text, holder, index) : removedLines(text, item as Node | Pair);
}

/** An entry with the comma that parts it from its neighbour. */
function removedInline(text: string, holder: YAMLMap | YAMLSeq, index: number): string {
  const items = holder.items as (Node | Pair)[];
  const next = items[index + 1];
  if (next) return text.slice(0, startOf(items[index]!)) + text.slice(startOf(next));
  return text.slice(0, endOf(items[index - 1]!)) + text.slice(endOf(items[index]!));
}

/** A key or entry with its own lines, and the comment lines right above it. */
function removedLines(text: string, item: Node | Pair): string {
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, startOf(item))))?.[0] ?? '';
  let start = lineStart(text, startOf(item));
  while (start > 0) {
    const before = lineStart(text, start - 1);
    if (!text.slice(before, start).startsWith(`${indent}#`)) break;
    start = before;
  }
  const end = text.indexOf('\n', endOf(item));
  return text.slice(0, start) + (end === -1 ? '' : text.slice(end + 1));
}

function startOf(item: Node | Pair): number {
  return (isPair(item) ? (item.key as Ranged) : (item as Ranged)).range?.[0] ?? 0;
}

function endOf(item: Node | Pair): number {
  if (!isPair(item)) return isCollection(item) && !item.flow ? endOfLast(item) : ((item as Ranged).range?.[1] ?? 0);
  if (item.value === null || item.value === undefined) return (item.key as Ranged).range?.[1] ?? 0;
  const end = endOf(item.value as Node);
  return Math.max(end, (item.key as Ranged).range?.[1] ?? 0);
}

/** Where a collection's last entry ends; its own range goes on over comments and empty lines behind it. */
function endOfLast(holder: YAMLMap | YAMLSeq): number {
  const last = holder.items.at(-1) as Node | Pair | undefined;
  return last ? endOf(last) : ((holder as Ranged).range?.[1] ?? 0);
}

function indentOf(text: string, holder: YAMLMap | YAMLSeq): string {
  const first = startOf(holder.items[0] as Node | Pair);
  const start = lineStart(text, first);
  // The first key of a mapping may stand behind the dash of a list.
  return isSeq(holder) ? (/^[ ]*/.exec(text.slice(start))?.[0] ?? '') : ' '.repeat(first - start);
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line break begins that ends the line. */
function lineEnd(text: string, offset: number): number {
  const end = /\r?\n/.exec(text.slice(offset))?.index;
  return end === undefined ? text.length : offset + end;
}

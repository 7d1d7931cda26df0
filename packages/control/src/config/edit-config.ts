import { isDeepStrictEqual } from 'node:util';
import { isMap, isSeq, parseDocument, type Document } from 'yaml';
import { editDocument } from './edit-document.ts';
import { spliceText } from './splice-text.ts';

type Path = readonly (string | number)[];

/**
 * The text of a configuration after one change: comments, order, spaces and quotes of everything else stay as they are.
 * `value` undefined removes what is at `path`; a position past a list's end appends; missing mappings on the way are made.
 * A text that is no YAML stays as it is.
 */
export function editConfig(text: string, path: Path, value: unknown): string {
  const document = openDocument(text);
  if (document.errors.length > 0) return text;
  const changes = smallChanges(document, path, value);
  return changes.reduce((now, change) => changed(now, change.path, change.value), text);
}

/** The text of a YAML file as a document without any checks. */
export function openDocument(text: string): Document.Parsed {
  return parseDocument(text, { version: '1.2', merge: true });
}

/** One change by cutting and pasting, proven by reading it again; else by writing the whole document anew. */
function changed(text: string, path: Path, value: unknown): string {
  const wanted = openDocument(text);
  editDocument(wanted, path, value);
  const spliced = spliceText(text, openDocument(text), path, value);
  if (spliced !== undefined) {
    const found = openDocument(spliced);
    if (found.errors.length === 0 && isDeepStrictEqual(found.toJS(), wanted.toJS())) return spliced;
  }
  return wanted.toString({ lineWidth: 0, flowCollectionPadding: true });
}

interface Change {
  path: Path;
  value: unknown;
}

/** A new mapping or list in the place of another is changed entry by entry, so that comments of what stays are kept. */
function smallChanges(document: Document, path: Path, value: unknown): Change[] {
  const present = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isMap(present) && isPlainObject(value) && Object.keys(value).length > 0) {
    const before = Object.keys(present.toJS(document) as object);
    return [
      ...Object.entries(value).filter(([, one]) => one !== undefined).flatMap(([key, one]) => unlessSame(document, [...path, key], one)),
      ...before.filter((key) => value[key] === undefined).map((key) => ({ path: [...path, key], value: undefined })),
    ];
  }
  if (isSeq(present) && Array.isArray(value) && value.length > 0) {
    const length = present.items.length;
    const extra = Array.from({ length: Math.max(0, length - value.length) }, (_, index) => ({ path: [...path, length - 1 - index], value: undefined }));
    return [...value.flatMap((one: unknown, index) => unlessSame(document, [...path, index], one)), ...extra];
  }
  return [{ path, value }];
}

function unlessSame(document: Document, path: Path, value: unknown): Change[] {
  const present = document.getIn(path);
  const plain = present !== null && typeof present === 'object' && 'toJS' in present ? (present as { toJS(document: Document): unknown }).toJS(document) : present;
  return isDeepStrictEqual(plain, value) ? [] : smallChanges(document, path, value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

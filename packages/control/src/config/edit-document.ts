import { isCollection, isScalar, isSeq, type Document } from 'yaml';

/**
 * Makes one change in a YAML document; `undefined` removes, a position past a list's end appends, missing mappings on
 * the way are made. Comments stay, but writing the document out again changes spaces and quotes.
 */
export function editDocument(document: Document, path: readonly (string | number)[], value: unknown): void {
  if (value === undefined) removeAt(document, path);
  else setAt(document, path, value);
}

function setAt(document: Document, path: readonly (string | number)[], value: unknown): void {
  const present = document.getIn(path, true);
  // A scalar keeps its own comment and its style of quotes when only its value changes.
  if (isScalar(present) && (typeof value !== 'object' || value === null)) {
    present.value = value;
    delete present.source;
    return;
  }
  const empty = path.findIndex((_, depth) => depth > 0 && isScalar(document.getIn(path.slice(0, depth), true)));
  // Below `limits:` with nothing behind it there is no mapping yet.
  if (empty > 0) return setAt(document, path.slice(0, empty), nested(path.slice(empty), value));
  const node = document.createNode(value);
  if (isCollection(present) && isCollection(node)) {
    node.comment = present.comment;
    node.commentBefore = present.commentBefore;
    if (present.flow !== undefined) node.flow = present.flow;
  }
  document.setIn(path, node);
}

function nested(path: readonly (string | number)[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, part) => (typeof part === 'number' ? [inner] : { [part]: inner }), value);
}

/** A list that loses its last entry goes with it: an empty `people:` would be no list any more. */
function removeAt(document: Document, path: readonly (string | number)[]): void {
  document.deleteIn(path);
  const above = path.slice(0, -1);
  const rest = above.length > 0 ? document.getIn(above, true) : undefined;
  if (isSeq(rest) && rest.items.length === 0) document.deleteIn(above);
}

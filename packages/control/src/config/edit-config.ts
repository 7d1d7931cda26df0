import { isCollection, isScalar, isSeq, parseDocument, type Document } from 'yaml';

/**
 * The text of a configuration after one change; comments and order of everything else stay.
 * `value` undefined removes what is at `path`; a position past a list's end appends.
 * Missing mappings on the way are made. The document itself is changed too.
 */
export function editConfig(document: Document, path: readonly (string | number)[], value: unknown): string {
  if (value === undefined) removeAt(document, path);
  else setAt(document, path, value);
  return configText(document);
}

/** A document as text: no wrapping of long lines, since keys and commands are long. */
export function configText(document: Document): string {
  return document.toString({ lineWidth: 0 });
}

/** The text of a YAML file as a document without any checks, to edit a file that is not valid yet. */
export function openDocument(text: string): Document.Parsed {
  return parseDocument(text, { version: '1.2', merge: true });
}

function setAt(document: Document, path: readonly (string | number)[], value: unknown): void {
  const present = document.getIn(path, true);
  // A scalar keeps its own comment and its style of quotes when only its value changes.
  if (isScalar(present) && (typeof value !== 'object' || value === null)) {
    present.value = value;
    delete present.source;
    return;
  }
  const node = document.createNode(value);
  if (isCollection(present) && isCollection(node)) {
    node.comment = present.comment;
    node.commentBefore = present.commentBefore;
    if (present.flow !== undefined) node.flow = present.flow;
  }
  if (isCollection(node) && !present && isFlowList(document.getIn(path.slice(0, -1), true))) node.flow = true;
  document.setIn(path, node);
}

/** Whether a list has its entries written as `{ … }`, so that a new one looks like them. */
function isFlowList(list: unknown): boolean {
  return isSeq(list) && list.items.some((item) => isCollection(item) && item.flow === true);
}

function removeAt(document: Document, path: readonly (string | number)[]): void {
  document.deleteIn(path);
  const above = path.slice(0, -1);
  const rest = above.length > 0 ? document.getIn(above, true) : undefined;
  if (isSeq(rest) && rest.items.length === 0) document.deleteIn(above);
}

import { Document, isCollection, visit } from 'yaml';

/** A value as YAML on one line, fit to stand inside `{ … }` and `[ … ]`. */
export function renderInline(value: unknown): string {
  // Within a list YAML quotes what would end an entry, such as a comma.
  const document = new Document([value]);
  visit(document, { Node: (_key, node) => void (isCollection(node) && (node.flow = true)) });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trim().slice(1, -1).replace(/^\{(?!\})/, '{ ').replace(/(?<!\{)\}$/, ' }');
}

/** `key: value` over as many lines as it takes, each indented. */
export function renderPair(key: string, value: unknown, indent: string): string {
  return indented(new Document({ [key]: value }).toString({ lineWidth: 0 }), indent);
}

/** `- value` over as many lines as it takes, each indented. */
export function renderItem(value: unknown, { indent, isInline }: { indent: string; isInline: boolean }): string {
  if (isInline) return `${indent}- ${renderInline(value)}`;
  return indented(new Document([value]).toString({ lineWidth: 0 }), indent);
}

function indented(text: string, indent: string): string {
  return text.trimEnd().split('\n').map((line) => (line === '' ? line : indent + line)).join('\n');
}

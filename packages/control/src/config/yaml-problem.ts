import { visit, type Document, type LineCounter, type YAMLError } from 'yaml';
import type { LocatedProblem } from './locate-problem.ts';

/** A syntax error of YAML in the words of this program. */
export function yamlProblem(error: YAMLError, { text, fileName, lines }: { text: string; fileName: string; lines: LineCounter }): LocatedProblem {
  const place = lines.linePos(error.pos[0]);
  const at = { file: fileName, line: Math.max(1, place.line), column: Math.max(1, place.col) };
  const start = text.lastIndexOf('\n', error.pos[0] - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  if (error.code === 'TAB_AS_INDENT' || indent.includes('\t')) {
    return { message: 'Expected spaces at the beginning of the line, got a tab', hint: 'YAML allows only spaces there.', at };
  }
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return { message: `Expected each key once, got ${JSON.stringify(wordAt(text, error.pos[0]))} again`, hint: 'Remove one of the two.', at };
    case 'MULTIPLE_DOCS':
      return { message: 'Expected one document, got a second one after "---"', at };
    default:
      return { message: `Expected valid YAML, got: ${error.message.replace(/\s+/g, ' ').slice(0, 200)}`, at };
  }
}

/** Repeats (`*name`) of anchors that do not stand before them. */
export function unknownAnchors(document: Document.Parsed, { fileName, lines }: { fileName: string; lines: LineCounter }): LocatedProblem[] {
  const problems: LocatedProblem[] = [];
  visit(document, {
    Alias(_key, node) {
      if (node.resolve(document)) return;
      const place = lines.linePos(node.range?.[0] ?? 0);
      problems.push({ message: `Expected an anchor "&${node.source}" before this repeat of it, got none`, at: { file: fileName, line: place.line, column: place.col } });
    },
  });
  return problems;
}

function wordAt(text: string, offset: number): string {
  return /^["']?([^:"'\n]{1,60})/.exec(text.slice(offset))?.[1]?.trim() ?? '';
}

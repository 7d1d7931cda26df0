import stringWidth from 'string-width';
import type { Output } from './output.ts';

export interface Column<Row> {
  title: string;
  /** Text of the cell; may have colours. */
  cell: (row: Row) => string;
  /** Cut when the table is wider than the terminal. */
  flexible?: boolean;
  align?: 'right';
}

/** Narrowest that a flexible column is cut to. */
const minFlexibleColumns = 12;
const gap = '  ';

/** Prints rows in columns that line up for wide, combining and coloured characters; `empty` when there are none. */
export function printTable<Row>(out: Output, rows: readonly Row[], { columns, empty }: { columns: readonly Column<Row>[]; empty: string }): void {
  if (rows.length === 0) return out.note(empty);
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = fitted(columns, columns.map((column, index) => Math.max(stringWidth(column.title), ...cells.map((row) => stringWidth(row[index] ?? '')))), out.width);
  const line = (texts: readonly string[]) => texts.map((text, index) => pad(cut(text, widths[index] ?? 0), widths[index] ?? 0, columns[index]?.align)).join(gap).trimEnd();
  out.print(out.colors.dim(line(columns.map((column) => column.title))));
  for (const row of cells) out.print(line(row));
}

/** Text cut to a width in terminal columns, with an ellipsis; never in the middle of a character. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? space + text : text + space;
}

function fitted<Row>(columns: readonly Column<Row>[], wanted: readonly number[], available: number): number[] {
  const total = wanted.reduce((sum, width) => sum + width, 0) + gap.length * (wanted.length - 1);
  let excess = total - available;
  return wanted.map((width, index) => {
    if (excess <= 0 || columns[index]?.flexible !== true) return width;
    const fit = Math.max(Math.min(width, minFlexibleColumns), width - excess);
    excess -= width - fit;
    return fit;
  });
}
